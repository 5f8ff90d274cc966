/** Tables in long form as files: CSV (RFC 4180) or Parquet, by the name's ending. */

export interface LongColumn {
  readonly name: string;
  readonly type: "INT32" | "STRING" | "DOUBLE";
}

/** Null: nothing there. */
export type LongLine = readonly (string | number | null)[];

/** `path`: .parquet, else CSV. `lines`: a cell for each column. */
export const longTable = async (
  path: string,
  columns: readonly LongColumn[],
  lines: readonly LongLine[],
): Promise<Uint8Array> => {
  if (!/\.parquet$/i.test(path)) {
    const cells: readonly LongLine[] = [columns.map(({ name }) => name), ...lines];
    const rows = cells.map((line) => line.map(csvCell).join(","));
    return new TextEncoder().encode(`${rows.join("\n")}\n`);
  }
  const { parquetWriteBuffer } = await import("hyparquet-writer");
  const columnData = columns.map(({ name, type }, k) => {
    const data = lines.map((line) => line[k] ?? null);
    return { name, type, data, nullable: data.includes(null) };
  });
  return new Uint8Array(parquetWriteBuffer({ columnData }));
};

/** Nothing for null. */
export const csvCell = (value: string | number | null): string => {
  if (value === null) return "";
  const text = String(value);
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};
