/** SHA-256 of what comes in pieces (@noble/hashes; WebCrypto takes only what lies in memory whole). */
import type { Files } from "./files.ts";

export interface Hash {
  /** Texts are hashed as UTF-8. */
  update(piece: Uint8Array | string): Hash;
  /** Lower-case hexadecimal. */
  hex(): string;
}

export const hashing = async (): Promise<Hash> => {
  const { sha256 } = await import("@noble/hashes/sha2.js");
  const state = sha256.create();
  const hash: Hash = {
    update: (piece) => {
      state.update(typeof piece === "string" ? new TextEncoder().encode(piece) : piece);
      return hash;
    },
    hex: () => Array.from(state.digest(), (byte) => byte.toString(16).padStart(2, "0")).join(""),
  };
  return hash;
};

const PIECE = 2 ** 22;

/** SHA-256 of a file, read once, piece by piece. */
export const hashOfFile = async (files: Files, path: string): Promise<string> => {
  if (files.sha256) return files.sha256(path);
  const { size = 0 } = (await files.info(path)) ?? {};
  const hash = await hashing();
  for (let at = 0; at < size; at += PIECE) hash.update(await files.slice(path, at, PIECE));
  return hash.hex();
};
