/** Signed bars: one row a feature, its name and what it was on the left, the bar around a zero line, the number behind it. */
import { maxOf, minOf } from "../../numeric/extremes.ts";
import { type Bar, restName, strongest } from "../bars.ts";
import type { Figure, Mark } from "../figure/figure.ts";
import { figureSvg } from "../figure/svg-figure.ts";
import { fitted, roomFor } from "../figure/text-size.ts";
import { limitOf } from "../pieces.ts";
import { signedNumber, typeset } from "../signed.ts";
import { stackedBars } from "./stacked-bars.ts";
import { ticks } from "./svg.ts";
import { tickMarks } from "./tick-marks.ts";

export interface BarChartOptions {
  /** Rows at most; the others are summed. Default 30. */
  readonly count?: number;
  /** A line above the bars. */
  readonly title?: string;
  /** The same where no font has the title's letters. */
  readonly otherwise?: string;
  /** Where the axis and the colours end at least, for charts side by side. */
  readonly range?: { readonly limit: number; readonly signed: boolean };
  /** px, of narrow places: names stand above their bars, and there is no axis. Default: as wide as names and bars are. */
  readonly width?: number;
  /** Words at the ends of the axis: "for tiger cat". */
  readonly sides?: { readonly for: string; readonly against: string };
}

const ROW = 24;
const [LEAST_NAMES, MOST_NAMES] = [60, 360];
const PLOT = 360;
const NUMBER = 84;
const NAMES_AT = 30;

/** The strongest bars; the rest is one bar of their sum. */
export const barFigure = (bars: readonly Bar[], options: BarChartOptions = {}): Figure => {
  const { count = 30, title, otherwise, range, sides, width: narrow } = options;
  if (narrow !== undefined) return stackedBars(bars, { count, width: narrow, range, title });
  const { shown, rest } = strongest(bars, count);
  const names = shown.map(({ name, given }) => (given === undefined ? name : `${name} = ${typeset(given)}`));
  const most = maxOf(
    [...names, ...(rest ? [restName(rest)] : [])].map((name) => roomFor(name)),
    0,
  );
  const left = Math.min(MOST_NAMES, Math.max(LEAST_NAMES, most)) + 16;
  const [top, rows] = [title ? 44 : 12, shown.length + (rest ? 1 : 0)];
  const values = shown.map(({ value }) => value);
  const limit = Math.max(limitOf(values), range?.limit ?? 0);
  // Room for the number on the side of the bar it belongs to.
  const [low, high] = [minOf(values, range?.signed ? -limit : 0), maxOf(values, range ? limit : 0)];
  // Numbers of what is 0, and of the rest, stand on the right whatever the others' sign.
  const right = high > 0 || rest !== undefined || values.some((value) => !(value < 0));
  const [before, after] = [low < 0 ? NUMBER : 8, right || low === 0 ? NUMBER : 8];
  const x = (value: number) => left + before + (high === low ? 0 : ((value - low) / (high - low)) * PLOT);
  const bottom = top + rows * ROW;
  const row = (name: string, value: number, i: number, shape: "bar" | "sum"): Mark[] => {
    const y = top + i * ROW;
    const [from, to] = [Math.min(x(0), x(value)), Math.max(x(0), x(value))];
    const against = value < 0 && shape === "bar";
    const text = signedNumber(value) + (shape === "sum" ? " together" : "");
    const at = shape === "sum" ? x(0) + 6 : against ? from - 6 : to + 6;
    const [width, height] = [Math.max(0.5, to - from), ROW - 8];
    const label = fitted(name, left - 16);
    return [
      // A name in letters that cannot be drawn is told by its place.
      {
        kind: "text",
        text: label,
        otherwise: `feature ${i + 1}`,
        x: left - 10,
        y: y + 17,
        anchor: "end",
        ...(shape === "sum" && { tone: "muted" }),
      },
      ...(shape === "bar"
        ? [
            {
              kind: "rect",
              x: from,
              y: y + 4,
              width,
              height,
              round: 1,
              tone: { value, limit },
              title: signedNumber(value),
            } as const,
          ]
        : []),
      { kind: "text", text, x: at, y: y + 17, anchor: against ? "end" : "start", tone: "muted" },
    ];
  };
  const width = Math.ceil(left + before + PLOT + after);
  const words = sides
    ? [
        ...(low < 0
          ? [
              {
                kind: "text",
                text: fitted(sides.against, Math.max(40, x(0) - 16)),
                x: x(0) - 8,
                y: bottom + 42,
                anchor: "end",
                tone: "muted",
              } as const,
            ]
          : []),
        {
          kind: "text",
          text: fitted(sides.for, Math.max(40, width - x(0) - 16)),
          x: x(0) + 8,
          y: bottom + 42,
          tone: "muted",
        } as const,
      ]
    : [];
  const marks: Mark[] = [
    ...(title
      ? [
          {
            kind: "text",
            text: fitted(title, width - 16, { bold: true }),
            ...(otherwise !== undefined && { otherwise }),
            x: 8,
            y: NAMES_AT - 4,
            bold: true,
          } as const,
        ]
      : []),
    ...tickMarks(ticks(low, high), { x, bottom }),
    {
      kind: "line",
      points: [
        [x(low), bottom],
        [x(high), bottom],
      ],
      tone: "line",
    },
    ...shown.flatMap((bar, i) => row(names[i]!, bar.value, i, "bar")),
    ...(rest ? row(restName(rest), rest.value, shown.length, "sum") : []),
    {
      kind: "line",
      points: [
        [x(0), top],
        [x(0), bottom],
      ],
      tone: "line",
    },
    ...words,
  ];
  const label = `relevance of ${bars.length} features${title ? `: ${title}` : ""}`;
  return { width, height: bottom + 34 + (words.length > 0 ? 20 : 0), label, marks };
};

/** An SVG drawing of the strongest bars, light and dark, as a text; the rest is one bar of their sum. */
export const barChart = (bars: readonly Bar[], options: BarChartOptions = {}): string => figureSvg(barFigure(bars, options));
