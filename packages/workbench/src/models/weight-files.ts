/** The files beside a model that its weights lie in. They are read in pieces: nothing here holds a whole one. */
import { type ExternalData, type ExternalRanges, externalSizes, fail, type ModelProto, relocated } from "@backlit/core";
import { baseName, type Files, folderOf, inside } from "../host/files.ts";
import { hashOfFile } from "../host/hash.ts";

export interface Located {
  /** The model, its weight files under the names they have in the folder of its own file. */
  readonly model: ModelProto;
  /** Paths of the weight files by location. */
  readonly files: ReadonlyMap<string, string>;
  /** The same by location as the file has it. */
  readonly written: ReadonlyMap<string, string>;
  /** Of all weight files, bytes. */
  readonly size: number;
}

/** The folder a file really lies in, and its name there. */
export const realPlace = async (files: Files, path: string): Promise<{ readonly folder: string; readonly name: string }> =>
  files.real?.(path) ?? { folder: folderOf(path), name: baseName(path) };

/**
 * Finds a model's weight files. Links are followed, as caches of downloaded models are made of them; then the files must lie in the
 * folder of the model's own file, below which ONNX Runtime reads too.
 * @param path the model as given   @param folder the folder of the file it really is
 * @throws NotFound, BadFile for a file too short or outside the folder
 */
export const locateWeights = async (files: Files, model: ModelProto, path: string, folder: string): Promise<Located> => {
  const names = new Map<string, string>();
  const found = new Map<string, string>();
  const written = new Map<string, string>();
  let size = 0;
  for (const [location, needed] of externalSizes(model)) {
    const beside = inside(folderOf(path), location);
    const info = await files.info(beside);
    if (info?.kind !== "file")
      throw fail("NotFound", {
        what: "the model's weights are missing",
        where: beside,
        fix: "keep the model and its weight files together in one folder",
      });
    if (info.size < needed)
      throw fail("BadFile", {
        what: "a weight file is too short",
        where: beside,
        why: `${info.size} bytes are there of ${needed}`,
        fix: "download it again",
      });
    const name = files.real === undefined ? location : await nameBelow(files.real, beside, folder);
    names.set(location, name);
    found.set(name, beside);
    written.set(location, beside);
    size += info.size;
  }
  return { model: names.size === 0 ? model : relocated(model, names), files: found, written, size };
};

/** Where a file really lies, as seen from a folder; `../…` outside of it. */
const nameBelow = async (real: NonNullable<Files["real"]>, path: string, folder: string): Promise<string> => {
  const at = await real(path);
  const [from, to] = [folder, at.folder].map((one) => one.split(/[\\/]/).filter(Boolean)) as [string[], string[]];
  const shared = from.findIndex((name, i) => name !== to[i]);
  const common = shared < 0 ? from.length : shared;
  return [...from.slice(common).map(() => ".."), ...to.slice(common), at.name].join("/");
};

/** What reads the weights' numbers: at once where the place can, else fetched when the model is loaded. */
export const readersOf = (
  files: Files,
  folder: string,
  weights: ReadonlyMap<string, string>,
): { readonly external?: ExternalData; readonly ranges?: ExternalRanges } => {
  const { now } = files;
  if (now) return { external: { read: (location, offset, length) => now(folder, location, offset, length) } };
  return { ranges: { read: (location, offset, length) => files.slice(weights.get(location) ?? location, offset, length) } };
};

/** Asks for SHA-256 of files, lower-case hexadecimal; each is read once. */
export const fileHashes = (files: Files): ((path: string) => Promise<string>) => {
  const known = new Map<string, Promise<string>>();
  return (path) => {
    const hash = known.get(path) ?? hashOfFile(files, path);
    known.set(path, hash);
    return hash;
  };
};

/** Contents of files, for a runtime that opens none. @throws Unsupported for files such a runtime cannot take */
export const contentsOf = async (
  files: Files,
  weights: ReadonlyMap<string, string>,
): Promise<ReadonlyMap<string, Uint8Array>> => {
  const contents = new Map<string, Uint8Array>();
  for (const [location, path] of weights) {
    const { size = 0 } = (await files.info(path)) ?? {};
    if (size >= 2 ** 31)
      throw fail("Unsupported", {
        what: "cannot read the model's weights",
        where: path,
        why: "they exceed 2 GB",
        fix: "use onnxruntime-node, which maps them into memory",
      });
    contents.set(location, await files.read(path));
  }
  return contents;
};
