/** Lines with bands on one pair of axes, each named where there is room beside it. */

import { type Html, html } from "../html/html.ts";
import { placeLabels } from "./line-labels.ts";
import type { Point } from "./point.ts";
import { axisNumber, round, svgDrawing, svgLine, svgText, ticks } from "./svg.ts";

export interface ChartLine {
  readonly name: string;
  readonly x: readonly number[];
  readonly y: readonly number[];
  /** The band around it. */
  readonly low?: readonly number[];
  readonly high?: readonly number[];
  /** 0 to 4: colour and dashes. */
  readonly tone: number;
}

export interface LineChartOptions {
  /** What a screen reader says. */
  readonly label: string;
  readonly lines: readonly ChartLine[];
  /** Thin grey lines behind: what the others look like. */
  readonly others?: readonly Pick<ChartLine, "x" | "y">[];
  /** Ends of the axes. */
  readonly xRange: readonly [number, number];
  readonly yRange: readonly [number, number];
  readonly xNumber?: (value: number) => string;
  /** Names beside the lines; default true. */
  readonly named?: boolean;
  /** The rules of its own style sheet; "" inside a page that has them. */
  readonly style: string;
}

const [WIDTH, HEIGHT] = [320, 200];
const [LEFT, RIGHT, TOP, BOTTOM] = [46, 22, 10, 28];

export const lineChart = (options: LineChartOptions): Html => {
  const { label, lines, others = [], xRange, yRange, xNumber = axisNumber, named = true, style } = options;
  const scale =
    ([low, high]: readonly [number, number], from: number, to: number) =>
    (value: number) =>
      high > low ? from + ((value - low) / (high - low)) * (to - from) : (from + to) / 2;
  const x = scale(xRange, LEFT, WIDTH - RIGHT);
  const y = scale(yRange, HEIGHT - BOTTOM, TOP);
  const points = (at: readonly number[], values: readonly number[]): Point[] =>
    at.flatMap((place, k) => (Number.isFinite(values[k]) ? [[round(x(place)), round(y(values[k]!))] as const] : []));
  const path = (of: readonly Point[]) => of.map(([px, py]) => `${px} ${py}`).join("L");
  const drawn = lines.map((line) => ({ ...line, points: points(line.x, line.y) })).filter((line) => line.points.length > 0);
  const band = ({ x: at, low, high, tone }: ChartLine) => {
    if (!low || !high) return [];
    const outline = [...points(at, high), ...points(at, low).reverse()];
    return outline.length > 0 ? [html`<path class="ev-band${tone}" d="M${path(outline)}Z"/>`] : [];
  };
  const box = { left: LEFT, right: WIDTH - RIGHT, top: TOP, bottom: HEIGHT - BOTTOM };
  const labels = named ? placeLabels(drawn, box) : [];
  return svgDrawing({
    width: WIDTH,
    height: HEIGHT,
    label,
    marks: [
      ...ticks(...yRange, 4).flatMap((tick) => [
        html`<path class="ev-grid" d="M${LEFT} ${round(y(tick))}H${WIDTH - RIGHT}"/>`,
        svgText(axisNumber(tick), { x: LEFT - 7, y: y(tick) + 4.5, anchor: "end", muted: true }),
      ]),
      svgLine(LEFT, HEIGHT - BOTTOM, WIDTH - RIGHT, HEIGHT - BOTTOM),
      ...ticks(...xRange, 4).flatMap((tick) => [
        svgLine(x(tick), HEIGHT - BOTTOM, x(tick), HEIGHT - BOTTOM + 4),
        svgText(xNumber(tick), { x: x(tick), y: HEIGHT - 8, anchor: "middle", muted: true }),
      ]),
      ...others.map((line) => html`<path class="ev-context" d="M${path(points(line.x, line.y))}"/>`),
      ...drawn.flatMap(band),
      ...drawn.map(
        (line) => html`<path class="ev-line${line.tone}" d="M${path(line.points)}"><title>${line.name}</title></path>`,
      ),
      ...labels.map(({ name, tone, x, y }) => svgText(name, { x, y, anchor: "middle", name: `ev-halo ev-name${tone}` })),
    ],
    style,
  });
};
