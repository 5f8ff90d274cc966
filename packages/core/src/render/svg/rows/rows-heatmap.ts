/** Rows beside each other, columns below each other, R as colour; rows that are explained alike stand together. Above, what they add up to. */
import { maxOf, minOf } from "../../../numeric/extremes.ts";
import { type Html, html } from "../../html/html.ts";
import { signedNumber } from "../../signed.ts";
import { round, svgDrawing, svgLine, valueClass } from "../svg.ts";
import { frameOf, heading, type RowsChartOptions } from "./frame.ts";
import { byMean, type RowsTable } from "./table.ts";

const [ROW, PLOT, NAMES, LINE] = [20, 480, 26, 60];
/** More are thinned out evenly: narrower cells are not seen. */
const MOST = 240;

export const rowsHeatmap = (table: RowsTable, { count = 15, width: narrow }: RowsChartOptions = {}): string => {
  const { columns, relevance, rows, ends } = table;
  const shown = byMean(table).slice(0, count);
  const every = Math.max(1, Math.ceil(rows.length / MOST));
  const order = alike(relevance).filter((_, k) => k % every === 0);
  const sums = order.map((n) => (ends?.[n]?.reference ?? 0) + relevance[n]!.reduce((a, b) => a + b, 0));
  const [low, high] = [minOf(sums), maxOf(sums)];
  const highest = `${ends === undefined ? "Σ R" : "f(x)"} ${signedNumber(high)}`;
  const { width, left, right, above, name } = frameOf([...columns, highest], { most: NAMES, plot: PLOT }, narrow);
  const cell = (right - left) / order.length;
  const of = every > 1 ? ` (of ${rows.length})` : "";
  const head = heading([`${order.length} rows beside each other${of}, those explained alike together`], width);
  const begin = head.height + above; // of the line
  const top = begin + LINE + 4 + above;
  const each = above + ROW;
  const limit = shown.reduce((most, { column }) => relevance.reduce((m, row) => Math.max(m, Math.abs(row[column]!)), most), 0);
  const cells = shown.flatMap(({ column }, i): Html[] => [
    name(columns[column]!, { y: top + i * each + 15, top: top + i * each }),
    ...order.map(
      (n, k) =>
        html`<rect class="${valueClass(relevance[n]![column]!, limit)}" stroke-width="0" x="${round(left + k * cell)}" y="${top + i * each + above}" width="${round(cell + 0.3)}" height="${ROW - 1}"><title>${`${rows[n]}: ${columns[column]} ${signedNumber(relevance[n]![column]!)}`}</title></rect>`,
    ),
  ]);
  const y = (sum: number) => begin + (high === low ? 0.5 : (high - sum) / (high - low)) * (LINE - 8);
  const path = sums.map((sum, k) => `${k === 0 ? "M" : "L"}${round(left + (k + 0.5) * cell)} ${round(y(sum))}`).join("");
  const bottom = top + shown.length * each;
  return String(
    svgDrawing({
      width,
      height: bottom + 16,
      label: `relevance of ${shown.length} columns in ${order.length} rows`,
      marks: [
        ...head.marks,
        name(highest, { y: begin + 10, top: head.height }),
        name(signedNumber(low), { y: begin + LINE - 6, top: begin + LINE - 4 }),
        html`<path class="bl-line" stroke-width="1.5" d="${path}"/>`,
        svgLine(left, top - 4, right, top - 4),
        ...cells,
      ],
    }),
  );
};

/** Rows in an order in which neighbours are near: from the least sum on, always the nearest of those left. */
const alike = (relevance: readonly (readonly number[])[]): readonly number[] => {
  const sum = (n: number) => relevance[n]!.reduce((a, b) => a + b, 0);
  const bySum = relevance.map((_, n) => n).sort((a, b) => sum(a) - sum(b));
  if (relevance.length > 1000) return bySum;
  const left = new Set(bySum);
  const order: number[] = [];
  for (let at = bySum[0]; at !== undefined; ) {
    order.push(at);
    left.delete(at);
    let [next, least] = [undefined as number | undefined, Number.POSITIVE_INFINITY];
    for (const n of left) {
      let distance = 0;
      for (const [k, v] of relevance[at]!.entries()) distance += (v - relevance[n]![k]!) ** 2;
      if (distance < least) [next, least] = [n, distance];
    }
    at = next;
  }
  return order;
};
