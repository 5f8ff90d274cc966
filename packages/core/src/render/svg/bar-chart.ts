/** Signed bars as SVG: one row a feature, its name and what it was on the left, the bar around a zero line, the number behind it. */
import { maxOf, minOf } from "../../numeric/extremes.ts";
import { type Bar, restName, strongest } from "../bars.ts";
import { html } from "../html/html.ts";
import { limitOf } from "../pieces.ts";
import { signedNumber, typeset } from "../signed.ts";
import { axisNumber, round, svgDrawing, svgLine, svgText, ticks, valueClass } from "./svg.ts";

export interface BarChartOptions {
  /** Rows at most; the others are summed. Default 30. */
  readonly count?: number;
  /** A line above the bars. */
  readonly title?: string;
}

const ROW = 24;
const CHARACTER = 8.4; // advance of a wide 14 px sans-serif, so that no name is cut by another font
const [LEAST_NAMES, MOST_NAMES] = [60, 360];
const PLOT = 360;
const NUMBER = 84;
const NAMES_AT = 30;

/** An SVG drawing of the strongest bars, light and dark, as a text; the rest is one bar of their sum. */
export const barChart = (bars: readonly Bar[], { count = 30, title }: BarChartOptions = {}): string => {
  const { shown, rest } = strongest(bars, count);
  const names = shown.map(({ name, given }) => (given === undefined ? name : `${name} = ${typeset(given)}`));
  const most = maxOf(
    names.map((name) => name.length),
    0,
  );
  const left = Math.min(MOST_NAMES, Math.max(LEAST_NAMES, most * CHARACTER)) + 16;
  const [top, rows] = [title ? 44 : 12, shown.length + (rest ? 1 : 0)];
  const values = shown.map(({ value }) => value);
  const limit = limitOf(values);
  // Room for the number on the side of the bar it belongs to.
  const [low, high] = [minOf(values, 0), maxOf(values, 0)];
  const [before, after] = [low < 0 ? NUMBER : 8, high > 0 || low === 0 ? NUMBER : 8];
  const x = (value: number) => left + before + (high === low ? 0 : ((value - low) / (high - low)) * PLOT);
  const bottom = top + rows * ROW;
  const [width, height] = [Math.ceil(left + before + PLOT + after), bottom + 34];
  const fitting = Math.floor((left - 16) / CHARACTER);
  const row = (name: string, value: number, i: number, shape: "bar" | "sum") => {
    const y = top + i * ROW;
    const [from, to] = [Math.min(x(0), x(value)), Math.max(x(0), x(value))];
    const label = name.length > fitting ? `${name.slice(0, fitting - 1)}…` : name;
    const number = svgText(signedNumber(value) + (shape === "sum" ? " together" : ""), {
      x: shape === "sum" ? x(0) + 6 : value < 0 ? from - 6 : to + 6,
      y: y + 17,
      anchor: value < 0 && shape === "bar" ? "end" : "start",
      muted: true,
    });
    const mark = html`<rect class="${valueClass(value, limit)}" stroke-width="0" x="${round(from)}" y="${y + 4}" width="${round(Math.max(0.5, to - from))}" height="${ROW - 8}" rx="1"><title>${signedNumber(value)}</title></rect>`;
    return [
      svgText(label, { x: left - 10, y: y + 17, anchor: "end", muted: shape === "sum" }),
      shape === "bar" ? mark : html``,
      number,
    ];
  };
  const marks = [
    ...(title ? [svgText(title, { x: 8, y: NAMES_AT - 4, bold: true })] : []),
    ...ticks(low, high).flatMap((tick) => [
      svgLine(x(tick), bottom, x(tick), bottom + 5),
      svgText(axisNumber(tick), { x: x(tick), y: bottom + 22, anchor: "middle", muted: true }),
    ]),
    svgLine(x(low), bottom, x(high), bottom),
    ...shown.flatMap((bar, i) => row(names[i]!, bar.value, i, "bar")),
    ...(rest ? row(restName(rest), rest.value, shown.length, "sum") : []),
    svgLine(x(0), top, x(0), bottom),
  ];
  const label = `relevance of ${bars.length} features${title ? `: ${title}` : ""}`;
  return String(svgDrawing({ width, height, label, marks }));
};
