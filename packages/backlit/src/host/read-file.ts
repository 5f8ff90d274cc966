import { open } from "node:fs/promises";
import { fail } from "@backlit/core";

const MAX_BYTES = 2 ** 30;

const tooLarge = (where: string) => fail("BadInput", { what: "the input is too large", where, why: "the limit is 1 GiB" });

const whyNot: Readonly<Record<string, string>> = {
  EACCES: "no permission to read it",
  EISDIR: "it is a folder",
};

/** All bytes of a file of at most 1 GiB. Throws NotFound when it is missing, BadInput when it is a folder or unreadable. */
export const readInputFile = async (path: string): Promise<Uint8Array> => {
  const handle = await open(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR")
      throw fail("NotFound", { what: "no such file", where: path, fix: "check the path" });
    throw fail("BadInput", { what: "cannot read the input", where: path, why: whyNot[error.code ?? ""] ?? error.message }, error);
  });
  try {
    const stat = await handle.stat();
    if (stat.isDirectory()) throw fail("BadInput", { what: "cannot read the input", where: path, why: "it is a folder" });
    if (stat.size > MAX_BYTES) throw tooLarge(path);
    return await handle.readFile();
  } finally {
    await handle.close();
  }
};

/** All bytes of a stream, at most 1 GiB. */
export const readStream = async (stream: AsyncIterable<Uint8Array | string>, name: string): Promise<Uint8Array> => {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream) {
    const bytes = typeof chunk === "string" ? new TextEncoder().encode(chunk) : chunk;
    size += bytes.length;
    if (size > MAX_BYTES) throw tooLarge(name);
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
};
