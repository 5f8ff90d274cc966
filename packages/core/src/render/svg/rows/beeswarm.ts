/** A row of dots a column, one for every explained row: where R lies, coloured by what the row has there (blue least, red largest; grey: a text, or nothing). */
import { signedNumber } from "../../signed.ts";
import { axisMarks, axisOf, zeroMark } from "../dot-whisker.ts";
import { svgDrawing } from "../svg.ts";
import { frameOf, heading, type RowsChartOptions } from "./frame.ts";
import { swarm } from "./swarm.ts";
import { byMean, dotted, placesIn, type RowsTable } from "./table.ts";

const [ROW, PLOT, NAMES] = [34, 420, 26];

export const beeswarm = (table: RowsTable, { count = 15, width: narrow }: RowsChartOptions = {}): string => {
  const { columns, given, relevance, rows } = table;
  const shown = byMean(table).slice(0, count);
  const { width, left, right, above, name } = frameOf(columns, { most: NAMES, plot: PLOT }, narrow);
  const axis = axisOf(
    shown.flatMap(({ column }) => relevance.map((row) => row[column]!)),
    left,
    right,
  );
  const { every, said } = dotted(rows.length);
  const { marks, height: top } = heading([`R, coloured by the column's value: blue least, red largest${said}`], width);
  const bottom = top + shown.length * (above + ROW);
  const dots = shown.flatMap(({ column }, i) => {
    const places = placesIn(table, column);
    const begin = top + i * (above + ROW);
    const middle = begin + above + ROW / 2;
    const own = relevance.flatMap((row, n) => {
      if (n % every !== 0) return [];
      const what = given[n]![column];
      const title = `${rows[n]}: ${columns[column]}${what === undefined ? "" : ` = ${what}`}, ${signedNumber(row[column]!)}`;
      return [{ value: row[column]!, place: places[n], title }];
    });
    return [name(columns[column]!, { y: middle + 5, top: begin }), ...swarm(own, axis, middle, ROW)];
  });
  return String(
    svgDrawing({
      width,
      height: bottom + 34,
      label: `relevance of ${shown.length} columns over ${rows.length} rows, a dot each${said}`,
      marks: [...marks, zeroMark(axis, top, bottom), ...dots, ...axisMarks(axis, bottom)],
    }),
  );
};
