/** A row of dots a column, one for every explained row: where R lies, coloured by what the row has there (blue least, red largest; grey: a text, or nothing). */
import { signedNumber } from "../../signed.ts";
import { frameOf, type RowsChartOptions } from "./frame.ts";
import { swarmRows } from "./swarm-rows.ts";
import { byMean, dotted, placesIn, type RowsTable } from "./table.ts";

const [ROW, PLOT, NAMES] = [34, 420, 26];

export const beeswarm = (table: RowsTable, { count = 15, width }: RowsChartOptions = {}): string => {
  const { columns, given, relevance, rows } = table;
  const shown = byMean(table).slice(0, count);
  const { every, said } = dotted(rows.length);
  return swarmRows({
    rows: shown.map(({ column }) => {
      const places = placesIn(table, column);
      const dots = relevance.flatMap((row, n) => {
        if (n % every !== 0) return [];
        const what = given[n]![column];
        const title = `${rows[n]}: ${columns[column]}${what === undefined ? "" : ` = ${what}`}, ${signedNumber(row[column]!)}`;
        return [{ value: row[column]!, place: places[n], title }];
      });
      return { name: columns[column]!, dots };
    }),
    height: ROW,
    frame: frameOf(columns, { most: NAMES, plot: PLOT }, width),
    values: shown.flatMap(({ column }) => relevance.map((row) => row[column]!)),
    lines: [`R, coloured by the column's value: blue least, red largest${said}`],
    label: `relevance of ${shown.length} columns over ${rows.length} rows, a dot each${said}`,
  });
};
