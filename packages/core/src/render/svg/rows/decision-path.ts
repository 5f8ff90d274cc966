/** The way of rows from the reference to their score, column by column from below, the most important last: one line a row. */
import { type Html, html } from "../../html/html.ts";
import { axisMarks, axisOf, placeOn } from "../dot-whisker.ts";
import { round, svgDrawing, svgLine, svgText, valueClass } from "../svg.ts";
import { byMean, longest, type RowsTable, shortened } from "./table.ts";

const [ROW, PLOT, NAMES, LINES] = [24, 420, 26, 100];

/** `row`: that one alone, and what it has in each column; otherwise the first hundred. */
export const decisionPath = (
  table: RowsTable,
  { row, count = 15 }: { readonly row?: number; readonly count?: number } = {},
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
  const left = longest(labels, NAMES + 8) * 8.4 + 16;
  const axis = axisOf(
    ways.flatMap(({ stops }) => stops),
    left,
    left + PLOT,
    false,
  );
  const top = 36;
  const bottom = top + shown.length * ROW;
  const y = (stop: number) => bottom - stop * ROW;
  const middle = ways.reduce((sum, { stops }) => sum + stops[0]!, 0) / ways.length;
  const limit = ways.reduce((most, { stops }) => Math.max(most, Math.abs(stops.at(-1)! - middle)), 0);
  const lines = ways.map(({ n, stops }): Html => {
    const d = stops.map((at, k) => `${k === 0 ? "M" : "L"}${round(placeOn(axis, at))} ${round(y(k))}`).join("");
    return html`<path class="${valueClass(stops.at(-1)! - middle, limit)}" style="fill:none" stroke-width="${row === undefined ? 1.3 : 2.5}" d="${d}"><title>${rows[n]}</title></path>`;
  });
  const said = ends === undefined ? "Σ R" : "f(x)";
  return String(
    svgDrawing({
      width: Math.ceil(left + PLOT + 20),
      height: bottom + 34,
      label: `the way to ${said} of ${drawn.length === 1 ? rows[drawn[0]!] : `${drawn.length} rows`}, column by column`,
      marks: [
        svgText(
          `the way to ${said}, read from below${drawn.length < rows.length && row === undefined ? ` (the first ${drawn.length} rows)` : ""}`,
          {
            x: 8,
            y: 20,
            bold: true,
          },
        ),
        ...labels.flatMap((label, k) => [
          svgText(label, { x: left - 10, y: y(k + 0.5) + 5, anchor: "end" }),
          svgLine(left, y(k + 1), left + PLOT, y(k + 1)),
        ]),
        ...lines,
        ...axisMarks(axis, bottom),
      ],
    }),
  );
};
