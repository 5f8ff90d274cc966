/** Puts the files of a run into the store, each once, whatever it is called. */
import { posix } from "node:path";
import { fail } from "@backlit/core";
import type { Files } from "@backlit/workbench";
import { blobName, type Objects, sha256Of } from "../store/objects.ts";
import type { Manifest } from "./manifest.ts";
import type { Seen } from "./recorded.ts";

export interface Staging {
  readonly objects: Objects;
  readonly files: Files;
  readonly cwd: string;
  readonly seen: Seen;
  /** What of it is read later, file by file: everything in such folders goes along. */
  readonly whole: readonly string[];
  progress(done: number, total: number): void;
}

/** Errors: NotFound, Store. */
export const stage = async ({ objects, files, cwd, seen, whole, progress }: Staging): Promise<Manifest> => {
  const paths = new Set(seen.files);
  for (const path of whole) for await (const file of below(files, posix.resolve(cwd, path))) paths.add(file);
  const sorted = [...paths].sort();
  const staged: Record<string, readonly [number, string]> = {};
  for (const [i, path] of sorted.entries()) {
    progress(i, sorted.length);
    staged[path] = await put(objects, files, path);
  }
  return { v: 1, cwd, files: staged, bundled: Object.fromEntries([...seen.bundled].sort()) };
};

const put = async (objects: Objects, files: Files, path: string): Promise<readonly [number, string]> => {
  const { size = 0 } = (await files.info(path)) ?? {};
  const known = await files.sha256?.(path);
  if (known !== undefined && (await objects.has(blobName(known)))) return [size, known];
  const bytes = await files.read(path);
  const sha256 = sha256Of(bytes);
  if (known !== undefined && known !== sha256)
    throw fail("Store", { what: "a file changed while it was read", where: path, fix: "submit again when nobody writes it" });
  if (known !== undefined || !(await objects.has(blobName(sha256)))) await objects.put(blobName(sha256), bytes);
  return [bytes.length, sha256];
};

async function* below(files: Files, path: string): AsyncGenerator<string> {
  const info = await files.info(path);
  if (info?.kind === "file") yield path;
  if (info?.kind !== "folder") return;
  for (const { name } of await files.list(path)) yield* below(files, posix.join(path, name));
}
