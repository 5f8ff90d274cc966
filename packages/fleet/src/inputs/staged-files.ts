/** The submitter's files as a worker sees them: read from the store when they are needed, kept on the worker's own disk, trusted by their hash only. */
import { randomBytes } from "node:crypto";
import { mkdir, open, readFile, rename, writeFile } from "node:fs/promises";
import { dirname, join, posix } from "node:path";
import { fail } from "@backlit/core";
import type { FileInfo, Files } from "@backlit/workbench";
import { blobName, type Objects, sha256Of } from "../store/objects.ts";
import type { Manifest } from "./manifest.ts";

/** `cache`: a folder of this machine. Files that change there between two reads are not noticed. */
export const stagedFiles = (manifest: Manifest, objects: Objects, cache: string): Files => {
  const full = (path: string) => posix.resolve(manifest.cwd, path);
  const folders = foldersOf(Object.keys(manifest.files));
  const trusted = new Map<string, Promise<string>>();

  /** Where the content lies on this machine, seen whole and right once. */
  const local = (path: string): Promise<string> => {
    const [, sha256] = manifest.files[full(path)] ?? missing(path);
    const known = trusted.get(sha256);
    if (known !== undefined) return known;
    const fetched = fetchTo(join(cache, blobName(sha256)), sha256, objects);
    trusted.set(sha256, fetched);
    fetched.catch(() => trusted.delete(sha256));
    return fetched;
  };
  return {
    info: async (path) => infoOf(full(path), manifest, folders),
    list: async (folder) => {
      const names = folders.get(full(folder)) ?? missing(folder);
      return [...names].sort().flatMap((name) => infoOf(posix.join(full(folder), name), manifest, folders) ?? []);
    },
    read: async (path) => new Uint8Array(await readFile(await local(path))),
    slice: async (path, offset, length) => {
      const file = await open(await local(path));
      try {
        const bytes = new Uint8Array(length);
        const { bytesRead } = await file.read(bytes, 0, length, offset);
        return bytes.subarray(0, bytesRead);
      } finally {
        await file.close();
      }
    },
    sha256: async (path) => (manifest.files[full(path)] ?? missing(path))[1],
  };
};

const missing = (path: string): never => {
  throw fail("NotFound", { what: "no such file", where: path, why: "it was not among the files that were submitted" });
};

const fetchTo = async (path: string, sha256: string, objects: Objects): Promise<string> => {
  const here = await readFile(path).catch(() => undefined);
  if (here !== undefined && sha256Of(here) === sha256) return path;
  const bytes = await objects.get(blobName(sha256));
  const why = bytes === undefined ? "it is not there" : sha256Of(bytes) === sha256 ? undefined : "its content is another";
  if (bytes === undefined || why !== undefined)
    throw fail("BadInput", {
      what: "an input in the store",
      where: `${objects.place}, ${blobName(sha256)}`,
      why,
      fix: "submit again",
    });
  await mkdir(dirname(path), { recursive: true });
  const beside = `${path}.${process.pid}-${randomBytes(6).toString("hex")}.tmp`;
  await writeFile(beside, bytes);
  await rename(beside, path);
  return path;
};

/** What lies in each folder, by name. */
const foldersOf = (paths: readonly string[]): ReadonlyMap<string, ReadonlySet<string>> => {
  const folders = new Map<string, Set<string>>();
  for (const path of paths)
    for (let at = path; at !== "/"; at = posix.dirname(at)) {
      const folder = posix.dirname(at);
      const names = folders.get(folder) ?? new Set();
      if (names.has(posix.basename(at))) break;
      folders.set(folder, names.add(posix.basename(at)));
    }
  return folders;
};

const infoOf = (path: string, { files }: Manifest, folders: ReadonlyMap<string, unknown>): FileInfo | undefined => {
  const name = posix.basename(path);
  const file = files[path];
  if (file !== undefined) return { kind: "file", name, size: file[0] };
  return folders.has(path) ? { kind: "folder", name, size: 0 } : undefined;
};
