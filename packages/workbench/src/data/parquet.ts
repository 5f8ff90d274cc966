/** Parquet files by column (hyparquet). */
import { fail } from "@backlit/core";

export type Cell = string | number | boolean | Uint8Array | null;

/** Columns by name, all of one length. */
export type Columns = ReadonlyMap<string, readonly Cell[]>;

/** Columns of numbers, texts and bytes by name; a picture as data sets store it ({ bytes, path }) is its bytes. Throws BadInput. */
export const readParquet = async (bytes: Uint8Array, path: string): Promise<Columns> => {
  const { parquetReadObjects } = await import("hyparquet");
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
  let rows: readonly Readonly<Record<string, unknown>>[];
  try {
    rows = await parquetReadObjects({ file, utf8: false });
  } catch (cause) {
    const why = (cause as Error).message;
    const codec = /compression codec|unsupported codec/i.test(why);
    throw fail(
      "BadInput",
      {
        what: "the Parquet file cannot be read",
        where: path,
        why,
        fix: codec ? "write it with snappy, or without compression" : undefined,
      },
      cause,
    );
  }
  const names = Object.keys(rows[0] ?? {});
  const columns = names.map((name) => [name, rows.map((row) => cellOf(row[name]))] as const);
  return new Map(
    columns
      .filter(([, cells]) => cells.some((cell) => cell !== undefined))
      .map(([name, cells]) => [name, cells.map((cell) => cell ?? null)]),
  );
};

/** Undefined for what is no value: lists, records. */
const cellOf = (value: unknown): Cell | undefined => {
  if (value === null || value === undefined) return null;
  if (typeof value === "bigint") return Number(value);
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean" || value instanceof Uint8Array)
    return value;
  const inner = (value as { readonly bytes?: unknown }).bytes;
  return inner instanceof Uint8Array ? inner : undefined;
};
