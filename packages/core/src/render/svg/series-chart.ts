/**
 * Series as SVG: one panel a channel. The line is what the model saw; where relevance lies it is coloured and thick, and a strip
 * below it shows the relevance alone.
 */
import { maxOf, minOf } from "../../numeric/extremes.ts";
import type { Figure, Mark } from "../figure/figure.ts";
import { figureSvg } from "../figure/svg-figure.ts";
import { fitted } from "../figure/text-size.ts";
import { stepOf } from "../figure/tones.ts";
import { type Bucket, columnsOf, limitIn, type Series } from "../series.ts";
import type { Point } from "./point.ts";
import { axisNumber, ticks } from "./svg.ts";
import { tickMarks } from "./tick-marks.ts";

export interface SeriesChartOptions {
  readonly title?: string;
  /** Channels drawn at most, those with most |R|; default 8. */
  readonly count?: number;
  /** The title where no font has its letters. */
  readonly otherwise?: string;
  /** Where the colours end at least, for charts side by side. */
  readonly limit?: number;
}

const [LEFT, RIGHT, PLOT] = [64, 16, 860];
const [PANEL, STRIP, GAP] = [130, 14, 26];
const WIDTH = LEFT + PLOT + RIGHT;

/** One panel a channel; channels are [L] and equally long. */
export const seriesFigure = (channels: readonly Series[], options: SeriesChartOptions = {}): Figure => {
  const { title, count = 8, otherwise, limit: least = 0 } = options;
  const size = (channel: Series) => channel.relevance.reduce((sum, value) => sum + Math.abs(value), 0);
  const order = channels.map((_, i) => i).sort((a, b) => size(channels[b]!) - size(channels[a]!));
  const shown = order.slice(0, count).sort((a, b) => a - b);
  const columns = columnsOf(channels);
  const limit = Math.max(least, limitIn(columns));
  const length = channels[0]?.relevance.length ?? 0;
  const top = title ? 44 : 16;
  const panel = PANEL + STRIP + GAP;
  const bottom = top + shown.length * panel - GAP;
  const x = (position: number) => LEFT + ((position + 0.5) / Math.max(1, length)) * PLOT;
  const note =
    shown.length < channels.length ? `the ${shown.length} of ${channels.length} channels with most relevance` : undefined;
  const heading = title && fitted(title, WIDTH - 16, { bold: true });
  const marks: Mark[] = [
    ...(heading
      ? [{ kind: "text", text: heading, ...(otherwise !== undefined && { otherwise }), x: 8, y: 26, bold: true } as const]
      : []),
    ...shown.flatMap((c, i) => {
      const name = channels.length > 1 ? `channel ${c}` : undefined;
      return panelMarks(columns[c]!, { top: top + i * panel, x, limit, name, drawn: channels[c]!.values !== undefined });
    }),
    ...tickMarks(ticks(0, Math.max(0, length - 1), 8), x, bottom),
    ...(note ? [{ kind: "text", text: note, x: LEFT, y: bottom + 46, tone: "muted" } as const] : []),
  ];
  const label = `series of ${length} values${title ? `: ${title}` : ""}`;
  return { width: WIDTH, height: bottom + 34 + (note ? 22 : 0), label, marks };
};

/** An SVG drawing, light and dark, as a text; channels are [L] and equally long. */
export const seriesChart = (channels: readonly Series[], options: SeriesChartOptions = {}): string =>
  figureSvg(seriesFigure(channels, options));

interface PanelPlace {
  readonly top: number;
  readonly x: (position: number) => number;
  readonly limit: number;
  readonly name: string | undefined;
  /** The series' values are known. */
  readonly drawn: boolean;
}

const panelMarks = (buckets: readonly Bucket[], { top, x, limit, name, drawn }: PanelPlace): readonly Mark[] => {
  const values = buckets.flatMap(({ points }) => points.map(([, value]) => value));
  const [least, most] = [minOf(values), maxOf(values)];
  const y = (value: number) => top + PANEL - 6 - (most === least ? 0.5 : (value - least) / (most - least)) * (PANEL - 12);
  const point = ([position, value]: readonly [number, number]): Point => [x(position), y(value)];
  const half = PLOT / Math.max(1, buckets.at(-1)?.end ?? 1) / 2;
  const strip = buckets.map(({ start, end, relevance }): Mark => {
    const from = x(start) - half;
    const width = x(end - 1) + half - from + 0.1;
    return { kind: "rect", x: from, y: top + PANEL, width, height: STRIP, tone: { value: relevance, limit } };
  });
  return [
    ...(name ? [{ kind: "text", text: name, x: LEFT + 4, y: top + 14, tone: "muted" } as const] : []),
    ...(drawn
      ? [
          ...ticks(least, most, 3).map(
            (tick): Mark => ({ kind: "text", text: axisNumber(tick), x: LEFT - 8, y: y(tick) + 5, anchor: "end", tone: "muted" }),
          ),
          { kind: "line", points: buckets.flatMap(({ points }) => points.map(point)), tone: "line", width: 1.2 } as const,
          ...coloured(buckets, limit, point),
        ]
      : []),
    ...strip,
  ];
};

/** Neighbouring buckets of one colour are one line, which reaches to the next bucket's first point. */
const coloured = (
  buckets: readonly Bucket[],
  limit: number,
  point: (point: readonly [number, number]) => Point,
): readonly Mark[] => {
  const lines: Mark[] = [];
  for (let i = 0; i < buckets.length; ) {
    const value = buckets[i]!.relevance;
    const step = stepOf(value, limit);
    let end = i;
    while (end < buckets.length && stepOf(buckets[end]!.relevance, limit) === step) end++;
    if (step !== 0) {
      const own = buckets.slice(i, end).flatMap(({ points }) => points);
      const to = buckets[end]?.points[0];
      const from = i > 0 && own.length === 1 && !to ? buckets[i - 1]!.points.at(-1) : undefined;
      const points = [...(from ? [from] : []), ...own, ...(to ? [to] : [])].map(point);
      lines.push({ kind: "line", points, tone: { value, limit }, width: 2.6 });
    }
    i = end;
  }
  return lines;
};
