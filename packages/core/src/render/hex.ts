import { limitOf } from "./pieces.ts";

/**
 * Bytes with their relevance as a hex dump: sixteen a row, position, values, printable ASCII. Long files show the rows with most
 * relevance, in order, and a gap where rows are left out.
 */
export interface HexCell {
  readonly byte: number;
  readonly value: number;
}

export type HexRow =
  | { readonly kind: "row"; readonly at: number; readonly cells: readonly HexCell[] }
  /** This many rows are left out here. */
  | { readonly kind: "gap"; readonly rows: number };

export const PER_ROW = 16;

/** `rows` at most; `values` has one entry for every byte shown. */
export const hexRows = (bytes: Uint8Array, values: Float32Array, rows: number): readonly HexRow[] => {
  const length = Math.min(bytes.length, values.length);
  const count = Math.ceil(length / PER_ROW);
  const size = (row: number) =>
    values.subarray(row * PER_ROW, Math.min(length, (row + 1) * PER_ROW)).reduce((sum, value) => sum + Math.abs(value), 0);
  const sizes = Float64Array.from({ length: count }, (_, row) => size(row));
  const chosen = Array.from(sizes.keys())
    .sort((a, b) => sizes[b]! - sizes[a]! || a - b)
    .slice(0, rows)
    .sort((a, b) => a - b);
  const out: HexRow[] = [];
  let next = 0;
  for (const row of chosen) {
    if (row > next) out.push({ kind: "gap", rows: row - next });
    const at = row * PER_ROW;
    const cells = Array.from(bytes.subarray(at, Math.min(length, at + PER_ROW)), (byte, i) => ({ byte, value: values[at + i]! }));
    out.push({ kind: "row", at, cells });
    next = row + 1;
  }
  if (next < count) out.push({ kind: "gap", rows: count - next });
  return out;
};

export const hexByte = (byte: number): string => byte.toString(16).padStart(2, "0");
export const hexAt = (position: number): string => position.toString(16).padStart(8, "0");
/** The character a byte is in ASCII, a dot where it has none to show. */
export const asciiOf = (byte: number): string => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : ".");
export const gapText = (rows: number): string => `… ${rows} ${rows === 1 ? "row" : "rows"} with less relevance`;

/** Where the colours of a dump end. */
export const hexLimit = (rows: readonly HexRow[]): number =>
  limitOf(rows.flatMap((row) => (row.kind === "row" ? row.cells.map(({ value }) => value) : [])));
