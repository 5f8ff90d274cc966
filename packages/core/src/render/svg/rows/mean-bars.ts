/** Mean |R| of every column over many rows. */
import { barChart } from "../bar-chart.ts";
import type { RowsChartOptions } from "./frame.ts";
import { byMean, type RowsTable } from "./table.ts";

export const meanBars = (table: RowsTable, { count = 15, width }: RowsChartOptions = {}): string =>
  barChart(
    byMean(table).map(({ column, mean }) => ({ name: table.columns[column]!, value: mean })),
    { count, title: `mean |R| over ${table.rows.length} rows`, ...(width !== undefined && { width }) },
  );
