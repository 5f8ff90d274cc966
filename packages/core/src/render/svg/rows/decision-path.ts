/** The way of rows from the reference to their score, column by column from below, the most important last: one line a row. */
import { type Html, html } from "../../html/html.ts";
import { axisMarks, axisOf, placeOn } from "../dot-whisker.ts";
import { round, svgDrawing, svgLine, valueClass } from "../svg.ts";
import { frameOf, heading, type RowsChartOptions } from "./frame.ts";
import { byMean, type RowsTable, shortened } from "./table.ts";

const [ROW, PLOT, NAMES, LINES] = [24, 420, 26, 100];

/** `row`: that one alone, and what it has in each column; otherwise the first hundred. */
export const decisionPath = (
  table: RowsTable,
  { row, count = 15, width: narrow }: RowsChartOptions & { readonly row?: number } = {},
): string => {
  const { columns, given, relevance, rows, ends } = table;
  const shown = byMean(table).slice(0, count).reverse(); // from below
  const named = new Set(shown.map(({ column }) => column));
  const drawn = row === undefined ? rows.map((_, n) => n).slice(0, LINES) : [row];
  const ways = drawn.map((n) => {
    const rest = relevance[n]!.reduce((sum, v, k) => (named.has(k) ? sum : sum + v), 0);
    let at = (ends?.[n]?.reference ?? 0) + rest;
    return { n, stops: [at, ...shown.map(({ column }) => (at += relevance[n]![column]!))] };
  });
  const labels = shown.map(({ column }) => {
    const what = row === undefined ? undefined : given[row]![column];
    return shortened(what === undefined ? columns[column]! : `${columns[column]} = ${what}`, NAMES + 8);
  });
  const { width, left, right, above, name } = frameOf(
    labels,
    { most: NAMES + 8, plot: row === undefined ? PLOT : PLOT - 60 },
    narrow,
  );
  const axis = axisOf(
    ways.flatMap(({ stops }) => stops),
    left,
    right,
    false,
  );
  const said = ends === undefined ? "Σ R" : "f(x)";
  const some = drawn.length < rows.length && row === undefined ? ` (the first ${drawn.length} rows)` : "";
  const head = heading([`the way to ${said}, read from below${some}`], width);
  const high = above + ROW;
  const bottom = head.height + shown.length * high;
  const y = (stop: number) => bottom - stop * high;
  const middle = ways.reduce((sum, { stops }) => sum + stops[0]!, 0) / ways.length;
  const limit = ways.reduce((most, { stops }) => Math.max(most, Math.abs(stops.at(-1)! - middle)), 0);
  const lines = ways.map(({ n, stops }): Html => {
    const d = stops.map((at, k) => `${k === 0 ? "M" : "L"}${round(placeOn(axis, at))} ${round(y(k))}`).join("");
    return html`<path class="${valueClass(stops.at(-1)! - middle, limit)}" style="fill:none" stroke-width="${row === undefined ? 1.3 : 2.5}" d="${d}"><title>${rows[n]}</title></path>`;
  });
  return String(
    svgDrawing({
      width,
      height: bottom + 34,
      label: `the way to ${said} of ${drawn.length === 1 ? rows[drawn[0]!] : `${drawn.length} rows`}, column by column`,
      marks: [
        ...head.marks,
        ...labels.map((_, k) => svgLine(left, y(k + 1), right, y(k + 1))),
        ...lines,
        ...labels.map((label, k) => name(label, { y: y(k + 0.5) + 5, top: y(k + 1) })),
        ...axisMarks(axis, bottom),
      ],
    }),
  );
};
