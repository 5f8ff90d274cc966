/**
 * The colour bar with numbers and words. Its ends say which share of Σ|R| over all positions of the map one position holds:
 * 100·limit / Σ|R| per cent, "≥" and "≤" where some positions hold more than the colours can show; of several maps on one scale, the relevance itself.
 */

import type { Raster } from "../../formats/raster.ts";
import { type ColorMap, colorAt } from "../colour/colormap.ts";
import type { Figure, Mark, TextMark } from "../figure/figure.ts";
import { fitted } from "../figure/text-size.ts";
import { percent } from "../percent.ts";
import { createRaster, fillRect } from "../raster/canvas.ts";
import type { Plane, Range } from "../raster/plane.ts";
import { signed, typeset } from "../signed.ts";

/** What the two ends of the colours mean. */
export interface Sides {
  /** "for tiger cat" */
  readonly for: string;
  /** "against tiger cat" */
  readonly against: string;
  /** The same where no font has the letters: "for class 3". */
  readonly otherwise?: { readonly for: string; readonly against: string };
}

export interface LegendOptions {
  /** px */
  readonly width: number;
  readonly colors: ColorMap;
  readonly sides?: Sides | undefined;
  readonly size?: number;
  /** px that the lines may take; default: as wide as the bar. */
  readonly room?: number;
  /** Lines below the numbers. */
  readonly lines?: readonly string[];
}

/** Per cent of Σ|R| at the end of the colours; 0 for a map of zeros. */
export const percentAtEnd = ({ values }: Plane, { limit }: Range): number => {
  const total = values.reduce((sum, v) => (Number.isFinite(v) ? sum + Math.abs(v) : sum), 0);
  return total === 0 ? 0 : (100 * limit) / total;
};

/**
 * The labels at the left end, the middle and the right end of the bar. Several maps share it: relevance instead of shares.
 * @internal Exported for its tests.
 */
export const endLabels = (planes: readonly Plane[], range: Range): readonly [string, string, string] => {
  const [first] = planes;
  const end = planes.length === 1 ? percent(percentAtEnd(first!, range)) : typeset(signed(range.limit).replace(/^\+/, ""));
  const beyond = (sign: 1 | -1) => planes.some(({ values }) => values.some((v) => Number.isFinite(v) && sign * v > range.limit));
  const high = `${beyond(1) ? "≥ " : ""}${range.signed ? "+" : ""}${end}`;
  return range.signed ? [`${beyond(-1) ? "≤ " : ""}−${end}`, "0", high] : ["0", "", high];
};

/**
 * The lines of text under the bar.
 */
export const captions = ({ limit, invalid }: Range, unit: string, several = false): string[] => [
  limit === 0 ? "relevance is zero everywhere" : several ? `relevance per ${unit}, one scale` : `share of Σ|R| per ${unit}`,
  ...(invalid === 0 ? [] : [`${invalid} ${invalid === 1 ? "value is no number" : "values are not numbers"} (grey)`]),
];

/** The bar alone, a pixel high. */
const barOf = (colors: ColorMap): Raster => {
  const raster = createRaster(256, 1);
  for (let x = 0; x < 256; x++) fillRect(raster, x, 0, 1, 1, colorAt(colors, colors.signed ? x / 127.5 - 1 : x / 255));
  return raster;
};

/** The colour bar over a range of planes: numbers and words at its ends, lines below. */
export const legend = (
  planes: readonly Plane[],
  range: Range,
  { width, colors, sides, size = 10, lines = [], room = width }: LegendOptions,
): Figure => {
  const [bar, row] = [Math.round(size * 0.8), Math.round(size * 1.35)];
  const marks: Mark[] = [
    { kind: "image", x: 0, y: 0, width, height: bar, raster: barOf(colors) },
    {
      kind: "line",
      points: [
        [0, 0],
        [width, 0],
        [width, bar],
        [0, bar],
        [0, 0],
      ],
      tone: "line",
      width: 0.5,
    }, // prettier-ignore
  ];
  let y = bar + row;
  const write = (text: string, more: Partial<TextMark> = {}) =>
    marks.push({ kind: "text", text, x: 0, y, size, tone: "muted", ...more });
  const [low, middle, high] = endLabels(planes, { ...range, signed: colors.signed });
  write(low);
  if (middle !== "") write(middle, { x: width / 2, anchor: "middle" });
  write(high, { x: width, anchor: "end" });
  if (sides) {
    y += row;
    const half = (width - size) / (colors.signed ? 2 : 1);
    const { otherwise } = sides;
    if (colors.signed)
      write(fitted(sides.against, half, { size }), { tone: "ink", ...(otherwise && { otherwise: otherwise.against }) });
    const end = { x: width, anchor: "end", tone: "ink" } as const;
    write(fitted(sides.for, half, { size }), { ...end, ...(otherwise && { otherwise: otherwise.for }) });
  }
  for (const line of lines) {
    y += row;
    write(fitted(line, room, { size }));
  }
  return { width: Math.max(width, room), height: y + Math.round(size * 0.4), label: "legend", marks };
};
