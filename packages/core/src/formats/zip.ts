/**
 * The table of contents of a zip archive, and its members one by one: what a member is can be told from its first bytes, before all
 * of it is inflated. Stored and deflated members, zip64 sizes. Source: PKWARE's APPNOTE, 4.3 and 4.5.3.
 */
import { Inflate, inflateSync } from "fflate";

export interface ZipEntry {
  readonly name: string;
  /** Bytes in the archive, and unpacked, as the table says. */
  readonly packed: number;
  readonly size: number;
  /** The first of `count` bytes, unpacked; fewer where there are fewer. */
  head(count: number): Uint8Array;
  /** @throws Error where it does not unpack to `size` bytes */
  read(): Uint8Array;
}

const [LOCAL, CENTRAL, END, END64] = [0x04034b50, 0x02014b50, 0x06054b50, 0x06064b50];
const [STORED, DEFLATED] = [0, 8];
const FULL = 0xffffffff;

/** @throws Error for what is no archive, or a damaged one */
export const zipEntries = (bytes: Uint8Array): readonly ZipEntry[] => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { count, start } = directory(view);
  const entries: ZipEntry[] = [];
  for (let at = start, i = 0; i < count; i++) {
    if (view.getUint32(at, true) !== CENTRAL) throw new Error("its table of contents is damaged");
    const [name, extra, comment] = [28, 30, 32].map((offset) => view.getUint16(at + offset, true)) as [number, number, number];
    entries.push(entryAt(view, bytes, at, { name, extra }));
    at += 46 + name + extra + comment;
  }
  return entries;
};

const directory = (view: DataView): { readonly count: number; readonly start: number } => {
  let at = view.byteLength - 22;
  const least = Math.max(0, at - 0xffff);
  while (at >= least && view.getUint32(at, true) !== END) at--;
  if (at < least) throw new Error("it has no table of contents");
  const [count, start] = [view.getUint16(at + 10, true), view.getUint32(at + 16, true)];
  if (count !== 0xffff && start !== FULL) return { count, start };
  const far = Number(view.getBigUint64(at - 20 + 8, true));
  if (view.getUint32(far, true) !== END64) throw new Error("its table of contents is damaged");
  return { count: Number(view.getBigUint64(far + 32, true)), start: Number(view.getBigUint64(far + 48, true)) };
};

const entryAt = (
  view: DataView,
  bytes: Uint8Array,
  at: number,
  lengths: { readonly name: number; readonly extra: number },
): ZipEntry => {
  const name = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + lengths.name));
  const long = zip64(view, at + 46 + lengths.name, lengths.extra);
  const wide = (offset: number) => {
    const value = view.getUint32(at + offset, true);
    return value === FULL ? (long() ?? value) : value;
  };
  const size = wide(24); // in the order of the extra field
  const packed = wide(20);
  const local = wide(42);
  const method = view.getUint16(at + 10, true);
  const data = (): Uint8Array => {
    if (view.getUint32(local, true) !== LOCAL) throw new Error(`'${name}' is not where the table says`);
    const start = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
    if (start + packed > bytes.length) throw new Error(`'${name}' is cut off`);
    return bytes.subarray(start, start + packed);
  };
  const supported = () => {
    if (method !== STORED && method !== DEFLATED) throw new Error(`'${name}' is compressed in a way nobody reads here`);
  };
  return {
    name,
    packed,
    size,
    head(count) {
      supported();
      return method === STORED ? data().subarray(0, count) : inflatedHead(data(), count);
    },
    read() {
      supported();
      const unpacked = method === STORED ? data() : inflateSync(data(), { out: new Uint8Array(size) });
      if (unpacked.length !== size) throw new Error(`'${name}' does not have the size the table says`);
      return unpacked;
    },
  };
};

/** Hands out the 64-bit numbers of an entry's extra field, one after another. */
const zip64 = (view: DataView, from: number, length: number): (() => number | undefined) => {
  let at = from;
  const end = from + length;
  while (at + 4 <= end && view.getUint16(at, true) !== 1) at += 4 + view.getUint16(at + 2, true);
  let next = at + 4;
  return () => {
    if (next + 8 > end) return undefined;
    next += 8;
    return Number(view.getBigUint64(next - 8, true));
  };
};

const PIECE = 512;

const inflatedHead = (packed: Uint8Array, count: number): Uint8Array => {
  const head = new Uint8Array(count);
  let filled = 0;
  const inflate = new Inflate((chunk) => {
    head.set(chunk.subarray(0, count - filled), filled);
    filled = Math.min(count, filled + chunk.length);
  });
  for (let at = 0; at < packed.length && filled < count; at += PIECE)
    inflate.push(packed.subarray(at, at + PIECE), at + PIECE >= packed.length);
  return head.subarray(0, filled);
};
