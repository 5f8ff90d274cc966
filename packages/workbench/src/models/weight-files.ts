/** The files beside a model that its weights lie in. They are read in pieces: nothing here holds a whole one. */
import { createHash } from "node:crypto";
import { closeSync, createReadStream, openSync, readSync, statSync } from "node:fs";
import { readFile, realpath, stat } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import { type ExternalData, externalSizes, fail, type ModelProto, relocated, type WeightPart } from "@backlit/core";
import type { Bundle } from "./open.ts";

export interface Located {
  /** The model, its weight files under the names they have in `folder`. */
  readonly model: ModelProto;
  /** Paths of the weight files by location. */
  readonly files: ReadonlyMap<string, string>;
  /** The same by location as the file has it. */
  readonly written: ReadonlyMap<string, string>;
  /** Of all weight files, bytes. */
  readonly size: number;
}

/**
 * Finds a model's weight files. Links are followed, as caches of downloaded models are made of them; then the files must lie in the
 * folder of the model's own file, below which ONNX Runtime reads too.
 * @param path the model as given   @param folder the folder of the file it really is
 * @throws NotFound, BadFile for a file too short or outside the folder
 */
export const locateWeights = async (model: ModelProto, path: string, folder: string): Promise<Located> => {
  const names = new Map<string, string>();
  const files = new Map<string, string>();
  const written = new Map<string, string>();
  let size = 0;
  for (const [location, needed] of externalSizes(model)) {
    const beside = join(dirname(path), location);
    const real = await realpath(beside).catch(() => undefined);
    const info = real === undefined ? undefined : await stat(real);
    if (real === undefined || !info?.isFile())
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
    const name = relative(folder, real).split(sep).join("/");
    names.set(location, name);
    files.set(name, real);
    written.set(location, real);
    size += info.size;
  }
  return { model: names.size === 0 ? model : relocated(model, names), files, written, size };
};

/** Reads pieces of files in a folder. */
export const folderData = (folder: string): ExternalData => ({
  read: (location, offset, length) => {
    const path = join(folder, location);
    const bytes = new Uint8Array(length ?? Math.max(0, statSync(path).size - offset));
    return bytes.subarray(0, readAt(path, offset, bytes));
  },
});

const readAt = (path: string, offset: number, into: Uint8Array): number => {
  const file = openSync(path, "r");
  try {
    return readSync(file, into, 0, into.length, offset);
  } finally {
    closeSync(file);
  }
};

const PIECE = 2 ** 23;

/** A weight file's bytes from front to back, weights that lie in `folder` copied piece by piece. A piece is to be used before the next is asked for. */
export function* weightBytes(parts: readonly WeightPart[], folder: string): Generator<Uint8Array> {
  const piece = new Uint8Array(PIECE);
  let end = 0;
  for (const { offset, length, from } of parts) {
    if (offset > end) yield new Uint8Array(offset - end);
    end = offset + length;
    if (from instanceof Uint8Array) yield from;
    else
      for (let at = 0; at < length; at += PIECE) {
        const wanted = piece.subarray(0, Math.min(PIECE, length - at));
        const path = join(folder, from.location);
        if (readAt(path, from.offset + at, wanted) !== wanted.length)
          throw fail("BadFile", { what: "a weight file was cut off while it was read", where: path, fix: "compile again" });
        yield wanted;
      }
  }
}

/** Asks for SHA-256 of files, lower-case hexadecimal; each is read once. */
export const fileHashes = (): ((path: string) => Promise<string>) => {
  const known = new Map<string, Promise<string>>();
  return (path) => {
    const hash = known.get(path) ?? hashFile(path);
    known.set(path, hash);
    return hash;
  };
};

/** SHA-256 of a model's weight files, by location as written in its own file. */
export const weightHashes = async ({ written, hash }: Pick<Bundle, "written" | "hash">): Promise<ReadonlyMap<string, string>> =>
  new Map(await Promise.all([...written].map(async ([location, path]) => [location, await hash(path)] as const)));

const hashFile = async (path: string): Promise<string> => {
  const hash = createHash("sha256");
  for await (const piece of createReadStream(path, { highWaterMark: 2 ** 20 })) hash.update(piece as Uint8Array);
  return hash.digest("hex");
};

/** Contents of files, for a runtime that opens none. @throws Unsupported for files such a runtime cannot take */
export const contentsOf = async (files: ReadonlyMap<string, string>): Promise<ReadonlyMap<string, Uint8Array>> => {
  const contents = new Map<string, Uint8Array>();
  for (const [location, path] of files)
    contents.set(
      location,
      await readFile(path).catch((cause: NodeJS.ErrnoException) => {
        const large = cause.code === "ERR_FS_FILE_TOO_LARGE";
        throw fail(large ? "Unsupported" : "BadFile", {
          what: "cannot read the model's weights",
          where: path,
          why: large ? "they exceed 2 GB" : (cause.code ?? cause.message),
          ...(large && { fix: "use onnxruntime-node, which maps them into memory" }),
        });
      }),
    );
  return contents;
};
