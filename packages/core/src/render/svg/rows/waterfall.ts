/** How one row gets from the reference to its score: a step a column, the largest last; what is not shown is one step. */
import { type Html, html } from "../../html/html.ts";
import { signedNumber, typeset } from "../../signed.ts";
import { axisMarks, axisOf, placeOn } from "../dot-whisker.ts";
import { round, svgDrawing, svgLine, svgText, valueClass } from "../svg.ts";
import { frameOf, heading, type RowsChartOptions } from "./frame.ts";
import type { RowsTable } from "./table.ts";

const [ROW, PLOT, NAMES, NUMBER] = [26, 290, 30, 70];

export const waterfall = (table: RowsTable, row: number, { count = 12, width: narrow }: RowsChartOptions = {}): string => {
  const { columns, given, relevance, ends, rows } = table;
  const own = relevance[row]!;
  const order = columns.map((_, k) => k).sort((a, b) => Math.abs(own[b]!) - Math.abs(own[a]!) || a - b);
  const shown = order.slice(0, columns.length > count ? count - 1 : count);
  const rest = order.slice(shown.length);
  const steps = shown.map((k) => {
    const what = given[row]![k];
    return { name: what === undefined ? columns[k]! : `${columns[k]} = ${typeset(String(what))}`, value: own[k]! };
  });
  if (rest.length > 0) steps.push({ name: `${rest.length} others`, value: rest.reduce((sum, k) => sum + own[k]!, 0) });
  const start = ends?.[row]?.reference ?? 0;
  // From below: the smallest step comes first.
  let at = start + steps.reduce((sum, { value }) => sum + value, 0);
  const end = at;
  const bars = steps.map((step) => {
    const to = at;
    at -= step.value;
    return { ...step, from: at, to };
  });
  const names = steps.map(({ name }) => name);
  const frame = frameOf(names, { most: NAMES, plot: PLOT + 2 * NUMBER, after: 0 }, narrow);
  const stops = [start, end, ...bars.flatMap(({ from, to }) => [from, to])];
  const axis = axisOf(stops, frame.left + NUMBER, frame.right - NUMBER, false);
  const said = `${ends === undefined ? "Σ R" : "f(x)"} = ${typeset(String(Number(end.toPrecision(4))))}`;
  const began = ends === undefined ? "0" : `f(reference) = ${typeset(String(Number(start.toPrecision(4))))}`;
  const head = heading([`${rows[row]}: ${said}`, `read from below: ${began}, then a step a column`], frame.width);
  const each = frame.above + ROW;
  const bottom = head.height + bars.length * each;
  const limit = bars.reduce((most, { value }) => Math.max(most, Math.abs(value)), 0);
  const marks = bars.flatMap(({ value, from, to }, i): Html[] => {
    const y = head.height + i * each + frame.above;
    const [low, high] = [placeOn(axis, Math.min(from, to)), placeOn(axis, Math.max(from, to))];
    const x = placeOn(axis, from);
    return [
      html`<rect class="${valueClass(value, limit)}" stroke-width="0" x="${round(low)}" y="${y + 4}" width="${round(Math.max(1, high - low))}" height="${ROW - 8}" rx="1"/>`,
      svgText(signedNumber(value), {
        x: value < 0 ? low - 6 : high + 6,
        y: y + 17,
        anchor: value < 0 ? "end" : "start",
        muted: true,
      }),
      ...(i + 1 < bars.length ? [svgLine(x, y + ROW - 4, x, y + each + 4)] : []),
    ];
  });
  return String(
    svgDrawing({
      width: frame.width,
      height: bottom + 34,
      label: `${rows[row]}: from ${began} to ${said}, step by step`,
      marks: [
        ...head.marks,
        ...marks,
        ...names.map((name, i) =>
          frame.name(name, { y: head.height + i * each + frame.above + 17, top: head.height + i * each }),
        ),
        ...axisMarks(axis, bottom),
      ],
    }),
  );
};
