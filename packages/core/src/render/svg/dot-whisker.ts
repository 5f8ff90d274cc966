/** Means with their intervals as dots with whiskers, rows on one axis; the noise floor is a band behind all of them. */

import { maxOf, minOf } from "../../numeric/extremes.ts";
import type { Interval } from "../../numeric/interval.ts";
import { type Html, html } from "../html/html.ts";
import { axisNumber, round, svgLine, svgText, ticks } from "./svg.ts";

export interface Axis {
  readonly low: number;
  readonly high: number;
  /** Left and right end, px. */
  readonly from: number;
  readonly to: number;
}

/** An axis that holds all these numbers and 0 (unless `zero` is false), with a little room at its ends. */
export const axisOf = (values: readonly number[], from: number, to: number, zero = true): Axis => {
  const all = [...(zero ? [0] : []), ...values.filter(Number.isFinite)];
  const [low, high] = [minOf(all), maxOf(all)];
  const room = (high - low || 1) * 0.04;
  return { low: low - (low < 0 || !zero ? room : 0), high: high + room, from, to };
};

export const placeOn = ({ low, high, from, to }: Axis, value: number): number =>
  from + ((Math.min(high, Math.max(low, value)) - low) / (high - low)) * (to - from);

/** The band from `low` to `high`, its edges dashed: it is seen without colours, too. */
export const floorMarks = (axis: Axis, { low, high }: Interval, top: number, bottom: number): readonly Html[] => {
  const [left, right] = [placeOn(axis, low), placeOn(axis, high)];
  const edge = (x: number) => html`<path class="ev-edge" d="M${round(x)} ${top}V${bottom}"/>`;
  return [
    html`<rect class="ev-floor" x="${round(left)}" y="${top}" width="${round(Math.max(1, right - left))}" height="${bottom - top}"/>`,
    edge(left),
    edge(right),
  ];
};

/** One row. Random maps have a hollow dot. */
export const whiskerMarks = (axis: Axis, { mean, low, high }: Interval, y: number, random: boolean): readonly Html[] => {
  if (!Number.isFinite(mean)) return [];
  const kind = random ? "ev-random" : "ev-mark";
  const [left, middle, right] = [low, mean, high].map((value) => round(placeOn(axis, Number.isFinite(value) ? value : mean)));
  return [
    html`<path class="${kind}" d="M${left} ${y}H${right}M${left} ${y - 4}v8M${right} ${y - 4}v8"/>`,
    html`<circle class="${kind}" cx="${middle}" cy="${y}" r="4.2"/>`,
  ];
};

export const zeroMark = (axis: Axis, top: number, bottom: number): Html => {
  const x = placeOn(axis, 0);
  return svgLine(x, top, x, bottom);
};

/** Line, ticks and numbers below the rows. */
export const axisMarks = (axis: Axis, y: number, steps = 4): readonly Html[] => [
  svgLine(axis.from, y, axis.to, y),
  ...ticks(axis.low, axis.high, steps).flatMap((tick) => {
    const x = placeOn(axis, tick);
    return [svgLine(x, y, x, y + 4), svgText(axisNumber(tick), { x, y: y + 18, anchor: "middle", muted: true })];
  }),
];
