/** Mean |R| of every column over many rows. */
import { barChart } from "../bar-chart.ts";
import { byMean, type RowsTable } from "./table.ts";

export const meanBars = (table: RowsTable, { count = 15 }: { readonly count?: number } = {}): string =>
  barChart(
    byMean(table).map(({ column, mean }) => ({ name: table.columns[column]!, value: mean })),
    { count, title: `mean |R| over ${table.rows.length} rows` },
  );
