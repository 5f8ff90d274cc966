/** The charts over all explained rows of a table, and of one of them. */
import { tablesOf } from "../../kinds/table/rows-table.ts";
import { type RowsChart, rowCharts, rowsCharts } from "../../report/rows-charts.ts";
import { contextOf } from "./page.ts";
import type { ExplainResult } from "./result.ts";

export interface ChartsOfRows {
  /** Of the class that most rows are explained for. */
  readonly title: string;
  /** What rows are called. */
  readonly rows: readonly string[];
  /** Over all rows first, then of the one. */
  readonly all: readonly RowsChart[];
}

/** `row`: the one whose steps are drawn, default the first; `count`: columns shown at most. Undefined where what is explained is no table. */
export const chartsOfRows = (
  explained: ExplainResult,
  { row = 0, count }: { readonly row?: number; readonly count?: number | undefined } = {},
): ChartsOfRows | undefined => {
  const [table] = tablesOf(explained.rows, contextOf(explained, { top: count }));
  if (table === undefined) return undefined;
  const one = Math.min(row, table.rows.length - 1);
  return { title: table.title, rows: table.rows, all: [...rowsCharts(table, count), ...rowCharts(table, one, count)] };
};
