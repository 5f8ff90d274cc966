/** The columns of a table one behind the other: row-major, its rows become columns. */
export const transposed = (rows: readonly (readonly number[])[]): readonly number[] =>
  rows[0]!.flatMap((_, d) => rows.map((row) => row[d]!));
