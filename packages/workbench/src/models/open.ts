/** A model with everything that lies beside it. */
import { checkSidecar, decodeModel, fail, isBacklitError, type ModelFile, type ModelProto, sha256 } from "@backlit/core";
import type { Files } from "../host/files.ts";
import type { Host } from "../host/host.ts";
import type { Allowed } from "./allowed.ts";
import { type ConfigFiles, readConfigFiles } from "./config-files.ts";
import { type Found, findModel } from "./find.ts";
import { fileHashes, locateWeights, realPlace } from "./weight-files.ts";

export interface Bundle extends Found, ConfigFiles {
  /** Where all of it lies. */
  readonly place: Files;
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
  /** Of all these files, bytes. */
  readonly size: number;
  /** What reading and loading may cost. */
  readonly allowed: Allowed;
  /** The column of tables that holds what is right, where it was said. */
  readonly label?: string;
  /** The columns of tables that hold texts, in the order in which the model reads them. */
  readonly textColumns?: readonly string[];
  /** All files read. */
  readonly files: readonly string[];
}

const MAX_BYTES = 2 ** 31 - 1; // protobuf's limit

/**
 * Opens an .onnx file, a folder in Hugging Face style (config.json, labels.json, preprocessor_config.json, tokenizer.json,
 * model.onnx or onnx/model.onnx), or a bundled model by name. Weights beside the file may have any size and are left there; those of
 * a sidecar must be what it was compiled with. Errors: NotFound, BadFile, BadModel, Unsupported (a file over 2 GB).
 */
export const openModel = async (host: Pick<Host, "files" | "bundled">, model: string, allowed: Allowed = {}): Promise<Bundle> => {
  const { files } = host;
  const found = await findModel(host, model);
  const { path } = found;
  const { folder, name } = await realPlace(files, path);
  const size = (await files.info(path))?.size ?? 0;
  if (size > MAX_BYTES) throw tooLarge(path, size);
  const bytes = await files.read(path).catch((cause) => {
    throw fail("BadFile", { what: "cannot read the model", where: path, why: whyOf(cause) }, cause);
  });
  const decoded = decodeModel(bytes, path);
  const located = await locateWeights(files, decoded, path, folder);
  const hashes = fileHashes(files);
  await checkSidecar(decoded, (location) => hashes(located.written.get(location)!));
  let own: Promise<string> | undefined;
  const ownHash = () => (own ??= files.sha256 ? files.sha256(path) : sha256(bytes));
  return {
    ...found,
    place: files,
    allowed,
    bytes,
    model: located.model,
    folder,
    file: { name, bytes },
    weights: located.files,
    written: located.written,
    hash: (path) => (path === undefined ? ownHash() : hashes(path)),
    size: bytes.length + located.size,
    files: [path, ...located.files.values()],
    ...(await readConfigFiles(files, found.dir, decoded)),
  };
};

const whyOf = (cause: unknown): string => (isBacklitError(cause) ? (cause.parts.why ?? cause.parts.what) : String(cause));

const tooLarge = (path: string, bytes: number) =>
  fail("Unsupported", {
    what: "the model's file is too large",
    where: path,
    why: `${(bytes / 1e9).toFixed(1)} GB exceed protobuf's limit of 2 GB`,
    fix: "export it with its weights as external data",
  });
