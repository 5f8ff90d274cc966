/** Explained rows of a table side by side, for charts over all of them and for files of all values. */
import { fewestDigits, type RowsTable } from "@backlit/core";
import type { ExplainedMap, ExplainedRow } from "../../rows/explained.ts";
import { titleOf } from "../../rows/top.ts";
import type { ViewContext } from "../../views/view.ts";
import { tableView } from "./view.ts";

export interface ExplainedTable extends RowsTable {
  /** What is explained of these rows. */
  readonly title: string;
  /** Their places among all rows. */
  readonly places: readonly number[];
}

interface Shown {
  readonly place: number;
  readonly row: ExplainedRow;
  readonly map: ExplainedMap;
  readonly features: readonly Feature[];
}

interface Feature {
  readonly name: string;
  readonly given: string | null;
  readonly relevance: number;
  /** Of a category. */
  readonly column?: string;
  readonly category?: string;
}

/** One table for each class that is explained, those with the most rows first. Empty where rows are no table's. */
export const tablesOf = (rows: readonly ExplainedRow[], context: ViewContext): readonly ExplainedTable[] => {
  const groups = new Map<string, Shown[]>();
  for (const [place, row] of rows.entries())
    for (const map of row.maps) {
      const features = tableView(row, map, context)?.json?.().features as readonly Feature[] | undefined;
      if (features === undefined) return [];
      const title = titleOf(map.target);
      groups.set(title, [...(groups.get(title) ?? []), { place, row, map, features }]);
    }
  return [...groups].map(([title, shown]) => tableOf(title, shown)).sort((a, b) => b.rows.length - a.rows.length);
};

const tableOf = (title: string, shown: readonly Shown[]): ExplainedTable => {
  const byName = shown.map(({ features }) => byColumn(features));
  const columns = [...new Set(byName.flatMap((own) => [...own.keys()]))];
  const ends = shown.flatMap(({ map }) => map.difference ?? []);
  return {
    title,
    columns,
    places: shown.map(({ place }) => place),
    given: byName.map((own, n) => {
      const exact = numbersIn(shown[n]!.row);
      return columns.map((name) => exact.get(name) ?? givenOf(own.get(name)?.given));
    }),
    relevance: byName.map((own) => columns.map((name) => own.get(name)?.relevance ?? 0)),
    rows: shown.map(({ row, place }) => (row.index === undefined ? row.sample.file : `row ${row.index}`) || `row ${place}`),
    ...(ends.length === shown.length && { ends }),
  };
};

/** Categories of a column are one: it has the one that the row has, and the relevance of all of them. */
const byColumn = (features: readonly Feature[]): ReadonlyMap<string, Feature> => {
  const found = new Map<string, Feature>();
  for (const { name, column, category, given, relevance } of features) {
    const key = column ?? name;
    const before = column === undefined ? undefined : found.get(key);
    const own = category ?? before?.given ?? (column === undefined ? given : null);
    found.set(key, { name: key, given: own, relevance: relevance + (before?.relevance ?? 0) });
  }
  return found;
};

/** Columns of numbers by name, to the last digit: what is shown of them is rounded. */
const numbersIn = ({ sample, index = 0 }: ExplainedRow): ReadonlyMap<string, number> =>
  new Map(
    Object.entries(sample.features ?? {}).flatMap(([input, names]) => {
      const data = sample.feeds[input]?.data ?? [];
      return names.flatMap((name, k): [string, number][] => {
        const value = data[index * names.length + k];
        return typeof value === "number" && Number.isFinite(value) ? [[name, fewestDigits(value)]] : [];
      });
    }),
  );

const givenOf = (text: string | null | undefined): number | string | undefined => {
  if (text === null || text === undefined) return undefined;
  return text.trim() !== "" && Number.isFinite(Number(text)) ? Number(text) : text;
};
