/** A model with everything that lies beside it. */
import { createHash } from "node:crypto";
import { readFile, realpath, stat } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { checkSidecar, decodeModel, type ExternalData, fail, type ModelFile, type ModelProto } from "@backlit/core";
import type { Allowed } from "./allowed.ts";
import { type ConfigFiles, readConfigFiles } from "./config-files.ts";
import { type Found, findModel } from "./find.ts";
import { fileHashes, folderData, locateWeights } from "./weight-files.ts";

export interface Bundle extends Found, ConfigFiles {
  /** The model's own file; weights that lie in files beside it are not in here. */
  readonly bytes: Uint8Array;
  readonly model: ModelProto;
  /** The folder its file really lies in, links followed, and the file's name there. */
  readonly folder: string;
  readonly file: ModelFile;
  /** Files beside it that weights lie in: paths by location. */
  readonly weights: ReadonlyMap<string, string>;
  /** The same by location as written in the model's file, where links lead elsewhere. */
  readonly written: ReadonlyMap<string, string>;
  /** SHA-256 of one of these files by its path, of the model's own without one. */
  readonly hash: (path?: string) => Promise<string>;
  /** Reads them in pieces. */
  readonly external: ExternalData;
  /** Of all these files, bytes. */
  readonly size: number;
  /** What reading and loading may cost. */
  readonly allowed: Allowed;
  /** All files read. */
  readonly files: readonly string[];
}

const MAX_BYTES = 2 ** 31 - 1; // protobuf's limit

/**
 * Opens an .onnx file, a folder in Hugging Face style (config.json, labels.json, preprocessor_config.json, tokenizer.json,
 * model.onnx or onnx/model.onnx), or a bundled model by name. Weights beside the file may have any size and are left there; those of
 * a sidecar must be what it was compiled with. Errors: NotFound, BadFile, BadModel, Unsupported (a file over 2 GB).
 */
export const openModel = async (model: string, allowed: Allowed = {}): Promise<Bundle> => {
  const found = await findModel(model);
  const { path } = found;
  const real = await realpath(path);
  const folder = dirname(real);
  const { size } = await stat(real);
  if (size > MAX_BYTES) throw tooLarge(path, size);
  const file = await readFile(real).catch((cause: NodeJS.ErrnoException) => {
    throw fail("BadFile", { what: "cannot read the model", where: path, why: cause.code ?? cause.message }, cause);
  });
  const bytes = new Uint8Array(file.buffer, file.byteOffset, file.length);
  const decoded = decodeModel(bytes, path);
  const located = await locateWeights(decoded, path, folder);
  const hashes = fileHashes();
  await checkSidecar(decoded, (location) => hashes(located.written.get(location)!));
  let own: string | undefined;
  const ownHash = () => (own ??= createHash("sha256").update(bytes).digest("hex"));
  return {
    ...found,
    allowed,
    bytes,
    model: located.model,
    folder,
    file: { name: basename(real), bytes },
    weights: located.files,
    written: located.written,
    hash: async (path) => (path === undefined ? ownHash() : hashes(path)),
    external: folderData(folder),
    size: size + located.size,
    files: [path, ...located.files.values()],
    ...(await readConfigFiles(found.dir, decoded)),
  };
};

const tooLarge = (path: string, bytes: number) =>
  fail("Unsupported", {
    what: "the model's file is too large",
    where: path,
    why: `${(bytes / 1e9).toFixed(1)} GB exceed protobuf's limit of 2 GB`,
    fix: "export it with its weights as external data",
  });
