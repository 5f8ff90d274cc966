/** A model with everything that lies beside it. */
import { readFileSync } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { decodeModel, encodeModelBytes, externalFiles, fail, type ModelProto } from "@backlit/core";
import { type ConfigFiles, readConfigFiles } from "./config-files.ts";
import { embedExternal } from "./embed.ts";
import { type Found, findModel } from "./find.ts";

export interface Bundle extends Found, ConfigFiles {
  /** The model as one file: weights from files beside it are inside. */
  readonly bytes: Uint8Array;
  readonly model: ModelProto;
  /** The files the bytes come from. */
  readonly files: readonly string[];
}

const MAX_BYTES = 2 ** 31 - 1; // protobuf's limit

/**
 * Opens an .onnx file, a folder in Hugging Face style (config.json, labels.json, preprocessor_config.json, tokenizer.json,
 * model.onnx or onnx/model.onnx), or a bundled model by name. Errors: NotFound, BadFile, BadModel, Unsupported (over 2 GB).
 */
export const openModel = async (model: string): Promise<Bundle> => {
  const found = await findModel(model);
  const { path } = found;
  const { size } = await stat(path);
  if (size > MAX_BYTES) throw tooLarge(path, size);
  const file = await readFile(path).catch((cause: NodeJS.ErrnoException) => {
    throw fail("BadFile", { what: "cannot read the model", where: path, why: cause.code ?? cause.message }, cause);
  });
  const bytes = new Uint8Array(file.buffer, file.byteOffset, file.length);
  const decoded = decodeModel(bytes, path);
  const beside = [...externalFiles(decoded)];
  const whole = beside.length === 0 ? { bytes, model: decoded, files: [path] } : await embedded(path, size, decoded, beside);
  return { ...found, ...whole, ...(await readConfigFiles(found.dir, decoded)) };
};

const embedded = async (
  path: string,
  size: number,
  model: ModelProto,
  locations: readonly string[],
): Promise<Pick<Bundle, "bytes" | "model" | "files">> => {
  const contents = new Map<string, Uint8Array>();
  let total = size;
  for (const location of locations) {
    const beside = join(dirname(path), location);
    const info = await stat(beside).catch(() => undefined);
    if (!info?.isFile())
      throw fail("NotFound", {
        what: "the model's weights are missing",
        where: beside,
        fix: "keep the model and its weight files together in one folder",
      });
    total += info.size;
    if (total > MAX_BYTES) throw tooLarge(path, total);
    contents.set(location, readFileSync(beside));
  }
  const whole = embedExternal(model, {
    read: (location, offset, length) => {
      const bytes = contents.get(location)!.subarray(offset, length === undefined ? undefined : offset + length);
      if (length !== undefined && bytes.length < length)
        throw fail("BadFile", {
          what: "a weight file is too short",
          where: join(dirname(path), location),
          why: `${bytes.length} bytes are there of the ${length} at ${offset}`,
          fix: "download it again",
        });
      return bytes;
    },
  });
  return {
    bytes: encodeModelBytes(whole),
    model: whole,
    files: [path, ...locations.map((location) => join(dirname(path), location))],
  };
};

const tooLarge = (path: string, bytes: number) =>
  fail("Unsupported", { what: "the model is too large", where: path, why: `${(bytes / 1e9).toFixed(1)} GB, the limit is 2 GB` });
