/** Where models and inputs lie: a disk, picked files, a zip, a URL. Paths are names with `/` between; a place may understand others too. */
import { fail, isBacklitError } from "@backlit/core";

export interface FileInfo {
  readonly kind: "file" | "folder";
  /** Its last name; that of the folder itself where the path is `.` or empty. */
  readonly name: string;
  /** Bytes; 0 for folders. */
  readonly size: number;
}

export interface Files {
  /** What lies at a path; undefined where nothing does. */
  info(path: string): Promise<FileInfo | undefined>;
  /** What lies in a folder, sorted by name. */
  list(folder: string): Promise<readonly FileInfo[]>;
  /** All of a file. Errors: NotFound, BadInput for a folder and what cannot be read. */
  read(path: string): Promise<Uint8Array>;
  /** `length` bytes from `offset`, fewer at the end. */
  slice(path: string, offset: number, length: number): Promise<Uint8Array>;
  /** SHA-256 in hexadecimal, where the place is faster at it than reading piece by piece. */
  sha256?(path: string): Promise<string>;
  /** Links followed: the folder a file really lies in and its name there, for runtimes that open files. */
  real?(path: string): Promise<{ readonly folder: string; readonly name: string }>;
  /** Reads without waiting, from a folder as `real` gives it. */
  now?(folder: string, name: string, offset: number, length?: number): Uint8Array;
}

/** Both separators end a name: paths of Windows come as they are written there. */
const SEPARATOR = /[\\/]/;

export const baseName = (path: string): string => path.split(SEPARATOR).filter(Boolean).at(-1) ?? "";

/** The folder a path lies in; empty where it names none. */
export const folderOf = (path: string): string => {
  const trimmed = path.replace(/[\\/]+$/, "");
  const at = Math.max(trimmed.lastIndexOf("/"), trimmed.lastIndexOf("\\"));
  return at < 0 ? "" : at === 0 ? "/" : trimmed.slice(0, at);
};

/** A path below a folder; the empty folder is where paths begin. */
export const inside = (folder: string, path: string): string =>
  folder === "" ? path : `${folder.replace(/[\\/]$/, "")}/${path}`;

/** The name without the last ending. */
export const stem = (path: string): string => baseName(path).replace(/(?<=.)\.[^.]*$/, "");

/** Inputs larger than this are refused before they are read. */
const MAX_BYTES = 2 ** 30;

/** All bytes of an INPUT, of at most 1 GiB. Errors: NotFound, BadInput. */
export const readInput = async (files: Files, path: string): Promise<Uint8Array> => {
  const info = await files.info(path);
  if (info === undefined) throw fail("NotFound", { what: "no such file", where: path, fix: "check the path" });
  if (info.kind === "folder") throw fail("BadInput", { what: "cannot read the input", where: path, why: "it is a folder" });
  if (info.size > MAX_BYTES) throw fail("BadInput", { what: "the input is too large", where: path, why: "the limit is 1 GiB" });
  return files.read(path);
};

/** A text file; undefined where there is none. Errors: BadInput. */
export const textIn = async (files: Files, path: string): Promise<string | undefined> => {
  if ((await files.info(path))?.kind !== "file") return undefined;
  return new TextDecoder().decode(await files.read(path));
};

/** A text file that somebody named. `what`: for the error. Errors: NotFound. */
export const textOf = async (files: Files, path: string, what: string): Promise<string> => {
  try {
    return new TextDecoder().decode(await files.read(path));
  } catch (error) {
    const why = isBacklitError(error) ? (error.parts.why ?? error.parts.what) : String(error);
    throw fail("NotFound", { what, where: path, why }, error);
  }
};

const nothing: Files = {
  info: async () => undefined,
  list: async () => [],
  read: async (path) => {
    throw fail("NotFound", { what: "no such file", where: path });
  },
  slice: async (path) => nothing.read(path),
};

/** Bytes that lie in memory, by name. */
export const memoryFiles = (given: ReadonlyMap<string, Uint8Array>): Files => overlaid(nothing, given);

/** Files, and before them bytes that go by a name. */
export const overlaid = (files: Files, given: ReadonlyMap<string, Uint8Array>): Files => ({
  ...files,
  info: async (path) => {
    const bytes = given.get(path);
    return bytes ? { kind: "file", name: path, size: bytes.length } : files.info(path);
  },
  read: async (path) => given.get(path) ?? files.read(path),
  slice: async (path, offset, length) => given.get(path)?.subarray(offset, offset + length) ?? files.slice(path, offset, length),
});
