/** How an artefact is stored: in one file; with its weights in a file of its own beside it, as the original's are; or as a sidecar. */
import { realpath } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { encodeModel, fail, type ModelProto, sidecar, sidecarFiles, withWeightFile } from "@backlit/core";
import type { OutputFile } from "../write-files.ts";
import { findModel } from "@backlit/workbench";
import type { Bundle } from "@backlit/workbench";
import { weightBytes } from "@backlit/workbench";

export interface Stored {
  /** The model itself comes last: it is not there before its weights are. */
  readonly files: readonly OutputFile[];
  /** Of all these files, bytes. */
  readonly size: number;
  /** Files of the original that a sidecar's weights stay in. */
  readonly stays: readonly string[];
}

/** Paths an artefact is written to. */
export const outputsOf = (out: string, { weights }: Bundle, asSidecar: boolean): readonly string[] =>
  asSidecar || weights.size === 0 ? [out] : [`${out}.data`, out];

/** A sidecar lies in the folder of the model's own file. Throws NotFound and Usage. */
export const checkBeside = async (model: string, out: string): Promise<void> => {
  const folder = dirname(await realpath((await findModel(model)).path));
  if ((await realpath(dirname(out)).catch(() => "")) !== folder)
    throw fail("Usage", {
      what: "a sidecar must lie beside the model's file",
      where: out,
      why: "its weights stay in there",
      fix: `write it to ${folder}`,
    });
};

/** Nothing large is read before the files are written. Errors: BadFile (a name that cannot be a location), Unsupported. */
export const store = async (artefact: ModelProto, bundle: Bundle, out: string, asSidecar: boolean): Promise<Stored> => {
  const { file, folder, hash, weights } = bundle;
  if (asSidecar) {
    const hashOf = (location: string) => hash(location === file.name ? undefined : weights.get(location));
    const model = await sidecar(artefact, file, hashOf);
    return { ...single(out, model), stays: Object.keys(sidecarFiles(model) ?? {}) };
  }
  if (weights.size === 0) return { ...single(out, artefact), stays: [] };
  const { model, parts } = withWeightFile(artefact, `${basename(out)}.data`);
  const { files, size } = single(out, model);
  const last = parts.at(-1);
  return {
    files: [{ path: `${out}.data`, chunks: weightBytes(parts, folder) }, ...files],
    size: size + (last ? last.offset + last.length : 0),
    stays: [],
  };
};

const single = (path: string, model: ModelProto): Pick<Stored, "files" | "size"> => {
  const chunks = encodeModel(model);
  return { files: [{ path, chunks }], size: chunks.reduce((sum, chunk) => sum + chunk.length, 0) };
};
