/** What backlit measures for an entry, by the entry's own names. */

/** Row-major. */
export interface Numbers {
  readonly dims: readonly number[];
  readonly data: ArrayLike<number>;
}

/** Each throws Unsupported for names backlit has nothing for. */
export interface Found {
  /** One number a sample. */
  scalar(name: string): Promise<ArrayLike<number>>;
  curve(name: string): Promise<Numbers>;
  /** One number for all samples together. */
  dataset(name: string): Promise<number>;
  /** Places of a curve: shares of the input that are changed. */
  fraction(name: string): Promise<Numbers>;
  ties(): Promise<ArrayLike<number>>;
  /** Which way a number is better; undefined where neither is. */
  direction(name: string): Promise<string | undefined>;
}

/** Rows of equal length laid end to end. */
export const stacked = (rows: readonly ArrayLike<number>[]): Numbers => {
  const width = rows[0]?.length ?? 0;
  const data = new Float64Array(rows.length * width).fill(Number.NaN);
  for (const [n, row] of rows.entries()) for (let i = 0; i < width; i++) data[n * width + i] = row[i] ?? Number.NaN;
  return { dims: [rows.length, width], data };
};
