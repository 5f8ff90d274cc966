/** .npz: a zip archive with one .npy file for each array, stored or deflated, as numpy.savez and savez_compressed write it. */
import { zipSync } from "fflate";
import { fail, isBacklitError } from "../errors.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { npySize, readNpy, writeNpy } from "./npy.ts";
import { type ZipEntry, zipEntries } from "./zip.ts";

export interface NpzLimits {
  /** Bytes of all arrays together after decompression. Default 4 GB. */
  readonly maxBytes?: number;
  /** The same over the archive's own bytes; below a megabyte nobody asks. Default 1000. */
  readonly maxRatio?: number;
  /** Default 1024. */
  readonly maxArrays?: number;
}

const SUFFIX = ".npy";
const HEAD = 2 ** 16 + 12;
const HARMLESS = 2 ** 20;

const bad = (why: string, cause?: unknown, fix?: string) =>
  fail("BadInput", { what: "not a readable .npz file", why, fix }, cause);

const reading = <T>(read: () => T): T => {
  try {
    return read();
  } catch (error) {
    throw isBacklitError(error) ? error : bad(`the zip archive is damaged: ${(error as Error).message}`, error);
  }
};

const check = (entries: readonly ZipEntry[], packed: number, limits: NpzLimits): void => {
  const { maxBytes = 4e9, maxRatio = 1000, maxArrays = 1024 } = limits;
  if (entries.length > maxArrays) throw bad(`it holds ${entries.length} arrays, the limit is ${maxArrays}`);
  const foreign = entries.find(({ name }) => !name.endsWith(SUFFIX));
  if (foreign) throw bad(`it contains '${foreign.name}', which is no .npy file`);
  if (new Set(entries.map(({ name }) => name)).size < entries.length) throw bad("it contains a name twice");
  const total = entries.reduce((sum, { size }) => sum + size, 0);
  const most = Math.min(maxBytes, Math.max(HARMLESS, maxRatio * packed));
  if (total <= most) return;
  const why = `its arrays take ${total} bytes when unpacked, the limit is ${maxBytes}`;
  throw total > maxBytes
    ? bad(why, undefined, "allow more with --allow npz-bytes=N (maxBytes)")
    : bad(
        `its arrays take ${total} bytes when unpacked, ${Math.floor(total / packed)} times its own ${packed}; the limit is ${maxRatio} times`,
        undefined,
        "allow more with --allow npz-ratio=N (maxRatio), or save it without compression",
      );
};

/** An array's own header says its size, too: read first, so that nothing is unpacked for a header that does not fit. */
const checkHeader = (entry: ZipEntry): void => {
  const size = npySize(entry.head(Math.min(HEAD, entry.size)));
  if (size !== entry.size)
    throw bad(`'${entry.name}' is ${size} bytes by its header and ${entry.size} by the archive's table of contents`);
};

/**
 * The arrays of an .npz by name (without `.npy`). The declared sizes are checked against the limits and against the arrays' own headers
 * before anything is inflated, and an entry is inflated into a buffer of its declared size only: a zip bomb costs no more than the limit.
 * Throws BadInput for a damaged archive, members that are no .npy, and beyond the limits.
 */
export const readNpz = (bytes: Uint8Array, limits: NpzLimits = {}): ReadonlyMap<string, Tensor> => {
  const entries = reading(() => zipEntries(bytes));
  check(entries, bytes.length, limits);
  for (const entry of entries) reading(() => checkHeader(entry));
  return new Map(entries.map((entry) => [entry.name.slice(0, -SUFFIX.length), readNpy(reading(() => entry.read()))]));
};

/** Writes arrays as an .npz; `compress` deflates them. */
export const writeNpz = (arrays: ReadonlyMap<string, Tensor>, options: { compress?: boolean } = {}): Uint8Array => {
  const files = Object.fromEntries([...arrays].map(([name, tensor]) => [name + SUFFIX, writeNpy(tensor)]));
  return zipSync(files, { level: options.compress ? 6 : 0 });
};
