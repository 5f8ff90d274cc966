/** A table whose columns are moved, and what is asked of a model of its rows. It is known by this one function. */

/** NaN and "" are missing. */
export type Cell = number | string;

/** A row of the table in which the columns asked about have these cells instead of its own. */
export interface AskedRow {
  readonly row: number;
  readonly cells: readonly Cell[];
}

/** What a model says of rows in which `columns` are replaced, in their order: [rows][outputs]. */
export type Ask = (columns: readonly number[], rows: readonly AskedRow[]) => Promise<readonly (readonly number[])[]>;

/** One feature: a column, or several that are moved together (a category written as columns of 0 and 1). */
export interface TableFeature {
  readonly name: string;
  readonly columns: readonly number[];
}

/** All cells, [rows][columns]. */
export type TableCells = readonly (readonly Cell[])[];

export const isMissingCell = (cell: Cell): boolean => (typeof cell === "number" ? Number.isNaN(cell) : cell === "");

/** What each row has in a feature's columns; undefined where one of them is missing. */
export const cellsOf = (table: TableCells, { columns }: TableFeature): readonly (readonly Cell[] | undefined)[] =>
  table.map((row) => {
    const cells = columns.map((column) => row[column]!);
    return cells.some(isMissingCell) ? undefined : cells;
  });

/** A feature's different values in order: numbers ascending, texts by their letters. */
export const levelsOf = (cells: readonly (readonly Cell[] | undefined)[]): readonly (readonly Cell[])[] => {
  const known = new Map(cells.flatMap((own) => (own === undefined ? [] : [[levelKey(own), own] as const])));
  return [...known.values()].sort((a, b) => {
    const k = a.findIndex((cell, i) => cell !== b[i]);
    return k < 0 ? 0 : a[k]! < b[k]! ? -1 : 1;
  });
};

/** The same for equal cells. */
export const levelKey = (cells: readonly Cell[]): string => JSON.stringify(cells);

/** Whether a feature has an order: one column of numbers. */
export const isOrdered = (cells: readonly (readonly Cell[] | undefined)[]): boolean =>
  cells.every((own) => own === undefined || (own.length === 1 && typeof own[0] === "number"));
