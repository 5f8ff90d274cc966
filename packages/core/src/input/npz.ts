/** .npz: a zip archive with one .npy file for each array, stored or deflated, as numpy.savez and savez_compressed write it. */
import { type UnzipFileInfo, unzipSync, zipSync } from "fflate";
import { fail } from "../errors.ts";
import type { Tensor } from "../runtime/runtime.ts";
import { readNpy, writeNpy } from "./npy.ts";

export interface NpzLimits {
  /** Bytes of all arrays together after decompression. Default 1 GiB. */
  readonly maxBytes?: number;
  /** Default 1024. */
  readonly maxArrays?: number;
}

const SUFFIX = ".npy";

const bad = (why: string, cause?: unknown) => fail("BadInput", { what: "not a readable .npz file", why }, cause);

const unzip = (bytes: Uint8Array, filter: (entry: UnzipFileInfo) => boolean): Record<string, Uint8Array> => {
  try {
    return unzipSync(bytes, { filter });
  } catch (error) {
    throw bad("the zip archive is damaged", error);
  }
};

/** The archive's table of contents; nothing is inflated. */
const listEntries = (bytes: Uint8Array): UnzipFileInfo[] => {
  const entries: UnzipFileInfo[] = [];
  unzip(bytes, (entry) => entries.push(entry) < 0);
  return entries;
};

const check = (entries: readonly UnzipFileInfo[], { maxBytes = 2 ** 30, maxArrays = 1024 }: NpzLimits): void => {
  if (entries.length > maxArrays) throw bad(`it holds ${entries.length} arrays, the limit is ${maxArrays}`);
  const foreign = entries.find(({ name }) => !name.endsWith(SUFFIX));
  if (foreign) throw bad(`it contains '${foreign.name}', which is no .npy file`);
  if (new Set(entries.map(({ name }) => name)).size < entries.length) throw bad("it contains a name twice");
  const total = entries.reduce((sum, { originalSize }) => sum + originalSize, 0);
  if (total > maxBytes) throw bad(`its arrays take ${total} bytes when unpacked, the limit is ${maxBytes}`);
};

/**
 * The arrays of an .npz by name (without `.npy`). The declared sizes are checked against the limits before anything is
 * inflated, and an entry is inflated into a buffer of its declared size only: a zip bomb costs no more than the limit.
 * Throws BadInput for a damaged archive, members that are no .npy, and beyond the limits.
 */
export const readNpz = (bytes: Uint8Array, limits: NpzLimits = {}): ReadonlyMap<string, Tensor> => {
  check(listEntries(bytes), limits);
  const members = unzip(bytes, () => true);
  return new Map(Object.entries(members).map(([name, member]) => [name.slice(0, -SUFFIX.length), readNpy(member)]));
};

/** Writes arrays as an .npz; `compress` deflates them. */
export const writeNpz = (arrays: ReadonlyMap<string, Tensor>, options: { compress?: boolean } = {}): Uint8Array => {
  const files = Object.fromEntries([...arrays].map(([name, tensor]) => [name + SUFFIX, writeNpy(tensor)]));
  return zipSync(files, { level: options.compress ? 6 : 0 });
};
