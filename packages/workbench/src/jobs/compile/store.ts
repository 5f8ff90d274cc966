/** How an artefact is stored: in one file; with its weights in a file of its own beside it, as the original's are; or as a sidecar. */
import { encodeModel, fail, type ModelProto, sidecar, sidecarFiles, type WeightPart, withWeightFile } from "@backlit/core";
import { baseName, type Files } from "../../host/files.ts";
import type { Bundle } from "../../models/open.ts";
import type { OutputFile } from "../output.ts";

export interface Stored {
  /** The model itself comes last: it is not there before its weights are. */
  readonly files: readonly OutputFile[];
  /** Of all these files, bytes. */
  readonly size: number;
  /** Files of the original that a sidecar's weights stay in. */
  readonly stays: readonly string[];
}

/** Paths an artefact is written to. */
export const artefactPaths = (out: string, { weights }: Pick<Bundle, "weights">, asSidecar: boolean): readonly string[] =>
  asSidecar || weights.size === 0 ? [out] : [`${out}.data`, out];

/** Nothing large is read before the files are written. Errors: BadFile (a name that cannot be a location), Unsupported. */
export const stored = async (artefact: ModelProto, bundle: Bundle, out: string, asSidecar: boolean): Promise<Stored> => {
  const { file, hash, weights, place } = bundle;
  if (asSidecar) {
    const hashOf = (location: string) => hash(location === file.name ? undefined : weights.get(location));
    const model = await sidecar(artefact, file, hashOf);
    return { ...single(out, model), stays: Object.keys(sidecarFiles(model) ?? {}) };
  }
  if (weights.size === 0) return { ...single(out, artefact), stays: [] };
  const { model, parts } = withWeightFile(artefact, `${baseName(out)}.data`);
  const { files, size } = single(out, model);
  const last = parts.at(-1);
  return {
    files: [{ path: `${out}.data`, chunks: weightBytes(parts, place, weights) }, ...files],
    size: size + (last ? last.offset + last.length : 0),
    stays: [],
  };
};

const single = (path: string, model: ModelProto): Pick<Stored, "files" | "size"> => {
  const chunks = encodeModel(model);
  return { files: [{ path, chunks }], size: chunks.reduce((sum, chunk) => sum + chunk.length, 0) };
};

const PIECE = 2 ** 23;

/** A weight file's bytes from front to back, weights of the original copied piece by piece. */
async function* weightBytes(
  parts: readonly WeightPart[],
  files: Files,
  weights: ReadonlyMap<string, string>,
): AsyncGenerator<Uint8Array> {
  let end = 0;
  for (const { offset, length, from } of parts) {
    if (offset > end) yield new Uint8Array(offset - end);
    end = offset + length;
    if (from instanceof Uint8Array) yield from;
    else
      for (let at = 0; at < length; at += PIECE) {
        const path = weights.get(from.location) ?? from.location;
        const wanted = Math.min(PIECE, length - at);
        const piece = await files.slice(path, from.offset + at, wanted);
        if (piece.length !== wanted)
          throw fail("BadFile", { what: "a weight file was cut off while it was read", where: path, fix: "compile again" });
        yield piece;
      }
  }
}
