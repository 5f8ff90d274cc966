/** R of a column against its value, a dot a row, coloured by the column with which it goes together most. */
import { type Html, html } from "../../html/html.ts";
import { axisMarks, axisOf, placeOn } from "../dot-whisker.ts";
import { axisNumber, round, svgDrawing, svgLine, svgText, ticks } from "../svg.ts";
import { categories } from "./categories.ts";
import { heading, type RowsChartOptions } from "./frame.ts";
import { interacting } from "./interacting.ts";
import { dotted, placeClass, placesIn, type RowsTable } from "./table.ts";

const [WIDTH, HEIGHT, LEFT, RIGHT] = [528, 240, 84, 24];

/** Texts have a row of dots a category. Undefined for a column of one value alone. */
export const dependence = (table: RowsTable, column: number, options: RowsChartOptions = {}): string | undefined => {
  const { columns, given, relevance, rows } = table;
  const { width = WIDTH } = options;
  const points = given.flatMap((row, n) => {
    const x = row[column];
    return typeof x === "number" && Number.isFinite(x) ? [{ n, x, y: relevance[n]![column]! }] : [];
  });
  if (points.length === 0) return categories(table, column, options);
  if (new Set(points.map(({ x }) => x)).size < 2) return undefined;
  const other = interacting(table, column);
  const places = other === undefined ? [] : placesIn(table, other);
  const coloured = other === undefined ? [] : [`coloured by ${columns[other]}: blue least, red largest`];
  const { every, said: some } = dotted(points.length);
  const said = `R of ${columns[column]} against its value${some}`;
  const head = heading([said, ...coloured], width);
  const [top, right] = [head.height, width - RIGHT];
  const bottom = top + HEIGHT;
  const across = axisOf(
    points.map(({ x }) => x),
    LEFT,
    right,
    false,
  );
  const up = axisOf(
    points.map(({ y }) => y),
    bottom,
    top,
  );
  const dots = points.flatMap(({ n, x, y }, k): readonly Html[] => {
    if (k % every !== 0) return [];
    const title = `${rows[n]}: ${x}${other === undefined ? "" : `, ${columns[other]} = ${given[n]![other]}`}`;
    return [
      html`<circle class="${placeClass(places[n])}" stroke-width="0" cx="${round(placeOn(across, x))}" cy="${round(placeOn(up, y))}" r="3.5"><title>${title}</title></circle>`,
    ];
  });
  const lines = ticks(up.low, up.high).flatMap((tick) => {
    const y = placeOn(up, tick);
    return [svgLine(LEFT, y, right, y), svgText(axisNumber(tick), { x: LEFT - 8, y: y + 5, anchor: "end", muted: true })];
  });
  return String(
    svgDrawing({
      width,
      height: bottom + 34,
      label: [said, ...coloured].join(", "),
      marks: [...head.marks, ...lines, ...dots, ...axisMarks(across, bottom)],
    }),
  );
};
