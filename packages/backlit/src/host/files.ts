/** The disk, and standard input as the path `-`. */
import { createHash } from "node:crypto";
import { closeSync, createReadStream, openSync, readSync, statSync } from "node:fs";
import { open, readdir, readFile, realpath, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { fail } from "@backlit/core";
import type { FileInfo, Files } from "@backlit/workbench";

const MAX_STREAM = 2 ** 30;

const whyNot: Readonly<Record<string, string>> = {
  EACCES: "no permission to read it",
  EISDIR: "it is a folder",
};

const notRead = (path: string) => (error: NodeJS.ErrnoException) => {
  if (error.code === "ENOENT" || error.code === "ENOTDIR")
    throw fail("NotFound", { what: "no such file", where: path, fix: "check the path" });
  throw fail("BadInput", { what: "cannot read the input", where: path, why: whyNot[error.code ?? ""] ?? error.message }, error);
};

/** `stdin`: what `-` reads; the process's own unless given. A relative path begins at the working directory. */
export const nodeFiles = (stdin: AsyncIterable<Uint8Array | string> = process.stdin): Files => {
  let piped: Promise<Uint8Array> | undefined;
  const standardInput = () => {
    piped ??= readStream(stdin);
    return piped;
  };
  return {
    info: async (path) => {
      if (path === "-") return { kind: "file", name: "standard input", size: 0 };
      return path.length > 4096 ? undefined : infoOf(path === "" ? "." : path);
    },
    list: async (folder) => {
      const entries = await readdir(folder === "" ? "." : folder).catch(notRead(folder));
      const infos = await Promise.all(entries.sort().map((name) => infoOf(join(folder, name))));
      return infos.filter((info) => info !== undefined);
    },
    read: async (path) => {
      if (path === "-") return standardInput();
      const bytes = await readFile(path).catch(notRead(path));
      return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
    },
    slice: async (path, offset, length) => {
      const handle = await open(path).catch(notRead(path));
      try {
        const bytes = new Uint8Array(length);
        const { bytesRead } = await handle.read(bytes, 0, length, offset);
        return bytes.subarray(0, bytesRead);
      } finally {
        await handle.close();
      }
    },
    sha256: async (path) => {
      const hash = createHash("sha256");
      for await (const piece of createReadStream(path, { highWaterMark: 2 ** 20 })) hash.update(piece as Uint8Array);
      return hash.digest("hex");
    },
    real: async (path) => {
      const real = await realpath(path);
      return { folder: dirname(real), name: basename(real) };
    },
    now: readNow,
  };
};

/** Undefined for what is not there, and for names that no file can have. */
const infoOf = async (path: string): Promise<FileInfo | undefined> => {
  const info = await stat(path).catch(() => undefined);
  if (info === undefined) return undefined;
  const folder = info.isDirectory();
  return { kind: folder ? "folder" : "file", name: basename(resolve(path)), size: folder ? 0 : info.size };
};

const readNow = (folder: string, name: string, offset: number, length?: number): Uint8Array => {
  const path = join(folder, name);
  const bytes = new Uint8Array(length ?? Math.max(0, statSync(path).size - offset));
  const file = openSync(path, "r");
  try {
    return bytes.subarray(0, readSync(file, bytes, 0, bytes.length, offset));
  } finally {
    closeSync(file);
  }
};

/** All bytes of a stream, at most 1 GiB. */
const readStream = async (stream: AsyncIterable<Uint8Array | string>): Promise<Uint8Array> => {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream) {
    const bytes = typeof chunk === "string" ? new TextEncoder().encode(chunk) : chunk;
    size += bytes.length;
    if (size > MAX_STREAM)
      throw fail("BadInput", { what: "the input is too large", where: "standard input", why: "the limit is 1 GiB" });
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
};
