import { joinBytes } from "@backlit/core";

/** A file a job would have written, its bytes piece by piece: each is to be used before the next is asked for. */
export interface OutputFile {
  readonly path: string;
  readonly chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>;
}

/** All of a file's bytes at once. */
export const wholeFile = async ({ chunks }: OutputFile): Promise<Uint8Array<ArrayBuffer>> => {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk.slice());
  return joinBytes(parts);
};
