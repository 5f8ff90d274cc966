/** Named bytes that several machines see: where inputs lie and results are kept. Names have `/` between. */
import { createHash } from "node:crypto";

export interface Objects {
  /** As it can be opened elsewhere: a folder, `s3://bucket/prefix`. */
  readonly place: string;
  /** Undefined for what is not there. Errors: Store for a place that cannot be reached. */
  get(name: string): Promise<Uint8Array | undefined>;
  /** Whole or not at all. Writing the same twice changes nothing. Errors: Store. */
  put(name: string, bytes: Uint8Array): Promise<void>;
  /** Writes where nothing is; false where something is already: of several writers one wins. Errors: Store. */
  create(name: string, bytes: Uint8Array): Promise<boolean>;
  has(name: string): Promise<boolean>;
}

export const sha256Of = (bytes: Uint8Array | string): string => createHash("sha256").update(bytes).digest("hex");

/** Where bytes with this SHA-256 lie. */
export const blobName = (sha256: string): string => `blobs/${sha256.slice(0, 2)}/${sha256}`;

/** Bytes under their own hash: what is there is not written again. Returns the hash. */
export const putBlob = async (objects: Objects, bytes: Uint8Array): Promise<string> => {
  const sha256 = sha256Of(bytes);
  if (!(await objects.has(blobName(sha256)))) await objects.put(blobName(sha256), bytes);
  return sha256;
};

export const json = (value: unknown): Uint8Array => new TextEncoder().encode(`${JSON.stringify(value)}\n`);

export const readJson = async <T>(objects: Objects, name: string): Promise<T | undefined> => {
  const bytes = await objects.get(name);
  return bytes === undefined ? undefined : (JSON.parse(new TextDecoder().decode(bytes)) as T);
};
