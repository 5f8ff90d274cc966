/** Many explained rows of one table: what charts over rows are drawn from. */
import { maxOf } from "../../../numeric/extremes.ts";
import { valueClass } from "../svg.ts";

export interface RowsTable {
  readonly columns: readonly string[];
  /** What every row has in each column: a number, or a text. [rows][columns] */
  readonly given: readonly (readonly (number | string | undefined)[])[];
  /** [rows][columns] */
  readonly relevance: readonly (readonly number[])[];
  /** How rows are called. */
  readonly rows: readonly string[];
  /** Where each row's sum begins and ends, of methods that explain a difference; else it begins at 0. */
  readonly ends?: readonly { readonly score: number; readonly reference: number }[];
}

export interface ColumnMean {
  readonly column: number;
  /** Mean |R| over the rows. */
  readonly mean: number;
}

/** Columns by mean |R|, the largest first. */
export const byMean = ({ columns, relevance }: RowsTable): readonly ColumnMean[] =>
  columns
    .map((_, column) => ({ column, mean: relevance.reduce((sum, row) => sum + Math.abs(row[column]!), 0) / relevance.length }))
    .sort((a, b) => b.mean - a.mean || a.column - b.column);

/** −1 for the least value of a column, 1 for the largest, by rank, so that one outlier does not take all colours; texts have none. */
export const placesIn = ({ given }: RowsTable, column: number): readonly (number | undefined)[] => {
  const numbers = given.map((row) => row[column]);
  const sorted = numbers.filter((v): v is number => typeof v === "number" && Number.isFinite(v)).sort((a, b) => a - b);
  const first = new Map<number, number>();
  const last = new Map<number, number>();
  for (const [k, v] of sorted.entries()) {
    if (!first.has(v)) first.set(v, k);
    last.set(v, k);
  }
  return numbers.map((v) => {
    if (typeof v !== "number" || !first.has(v)) return undefined;
    return sorted.length < 2 ? 0 : (first.get(v)! + last.get(v)!) / (sorted.length - 1) - 1;
  });
};

/** The class of a mark for a place between −1 and 1; grey for what has no order. */
export const placeClass = (place: number | undefined): string =>
  place === undefined ? "bl-zero" : valueClass(Math.abs(place) < 0.07 ? 0.07 * (place < 0 ? -1 : 1) : place, 1);

/** px that names of at most so many characters need in front of a plot. */
export const besideNames = (names: readonly string[], most: number): number => {
  const longest = maxOf(
    names.map((name) => name.length),
    0,
  );
  return Math.min(most, longest) * 8.4 + 16;
};

/** Letters of a bold line that a drawing of `width` px has room for. */
export const lettersIn = (width: number): number => Math.floor((width - 16) / 8.4);

export const shortened = (name: string, most: number): string => (name.length > most ? `${name.slice(0, most - 1)}…` : name);

/** More dots are thinned out evenly: they would cover each other. */
const DOTS = 500;

/** Places of the rows that are drawn as dots, and what to say where that is not all. */
export const dotted = (rows: number): { readonly every: number; readonly said: string } => {
  const every = Math.ceil(rows / DOTS);
  return { every, said: every > 1 ? ` (${Math.ceil(rows / every)} of ${rows} rows)` : "" };
};
