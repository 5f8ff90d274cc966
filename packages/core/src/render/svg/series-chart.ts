/**
 * Series as SVG: one panel a channel. The line is what the model saw; where relevance lies it is coloured and thick, and a strip
 * below it shows the relevance alone.
 */
import { maxOf, minOf } from "../../numeric/extremes.ts";
import { type Html, html } from "../html/html.ts";
import { limitOf } from "../pieces.ts";
import { type Bucket, bucketsOf, type Series } from "../series.ts";
import { axisNumber, round, svgDrawing, svgLine, svgText, ticks, valueClass } from "./svg.ts";

export interface SeriesChartOptions {
  readonly title?: string;
  /** Channels drawn at most, those with most |R|; default 8. */
  readonly count?: number;
}

const [LEFT, RIGHT, PLOT] = [64, 16, 860];
const [PANEL, STRIP, GAP] = [130, 14, 26];
/** Columns of the drawing; longer series are reduced to them. */
const COLUMNS = 430;
const WIDTH = LEFT + PLOT + RIGHT;

const columnsOf = (channels: readonly Series[]): readonly (readonly Bucket[])[] =>
  channels.map((channel) => bucketsOf(channel, COLUMNS));

const limitIn = (columns: readonly (readonly Bucket[])[]): number => limitOf(columns.flat().map(({ relevance }) => relevance));

/** Where the colours end: the largest |Σ R| of a column of the drawing. */
export const seriesLimit = (channels: readonly Series[]): number => limitIn(columnsOf(channels));

/** An SVG drawing, light and dark, as a text; channels are [L] and equally long. */
export const seriesChart = (channels: readonly Series[], { title, count = 8 }: SeriesChartOptions = {}): string => {
  const size = (channel: Series) => channel.relevance.reduce((sum, value) => sum + Math.abs(value), 0);
  const order = channels.map((_, i) => i).sort((a, b) => size(channels[b]!) - size(channels[a]!));
  const shown = order.slice(0, count).sort((a, b) => a - b);
  const columns = columnsOf(channels);
  const limit = limitIn(columns);
  const length = channels[0]?.relevance.length ?? 0;
  const top = title ? 44 : 16;
  const panel = PANEL + STRIP + GAP;
  const bottom = top + shown.length * panel - GAP;
  const x = (position: number) => LEFT + ((position + 0.5) / Math.max(1, length)) * PLOT;
  const note =
    shown.length < channels.length ? `the ${shown.length} of ${channels.length} channels with most relevance` : undefined;
  const marks = [
    ...(title ? [svgText(title, { x: 8, y: 26, bold: true })] : []),
    ...shown.flatMap((c, i) => {
      const name = channels.length > 1 ? `channel ${c}` : undefined;
      return panelMarks(columns[c]!, { top: top + i * panel, x, limit, name, drawn: channels[c]!.values !== undefined });
    }),
    ...ticks(0, Math.max(0, length - 1), 8).flatMap((tick) => [
      svgLine(x(tick), bottom, x(tick), bottom + 5),
      svgText(axisNumber(tick), { x: x(tick), y: bottom + 22, anchor: "middle", muted: true }),
    ]),
    ...(note ? [svgText(note, { x: LEFT, y: bottom + 46, muted: true })] : []),
  ];
  const label = `series of ${length} values${title ? `: ${title}` : ""}`;
  return String(svgDrawing({ width: WIDTH, height: bottom + 34 + (note ? 22 : 0), label, marks }));
};

interface PanelPlace {
  readonly top: number;
  readonly x: (position: number) => number;
  readonly limit: number;
  readonly name: string | undefined;
  /** The series' values are known. */
  readonly drawn: boolean;
}

const panelMarks = (buckets: readonly Bucket[], { top, x, limit, name, drawn }: PanelPlace): readonly Html[] => {
  const values = buckets.flatMap(({ points }) => points.map(([, value]) => value));
  const [least, most] = [minOf(values), maxOf(values)];
  const y = (value: number) => top + PANEL - 6 - (most === least ? 0.5 : (value - least) / (most - least)) * (PANEL - 12);
  const point = ([position, value]: readonly [number, number]) => `${round(x(position))} ${round(y(value))}`;
  const line = buckets.flatMap(({ points }) => points.map(point));
  const half = PLOT / Math.max(1, buckets.at(-1)?.end ?? 1) / 2;
  const strip = buckets.map(({ start, end, relevance }) => {
    const from = x(start) - half;
    return html`<rect class="${valueClass(relevance, limit)}" stroke-width="0" x="${round(from)}" y="${top + PANEL}" width="${round(x(end - 1) + half - from + 0.1)}" height="${STRIP}"/>`;
  });
  return [
    ...(name ? [svgText(name, { x: LEFT + 4, y: top + 14, muted: true })] : []),
    ...(drawn
      ? [
          ...ticks(least, most, 3).map((tick) =>
            svgText(axisNumber(tick), { x: LEFT - 8, y: y(tick) + 5, anchor: "end", muted: true }),
          ),
          html`<path class="bl-line" stroke-width="1.2" stroke-linejoin="round" d="M${line.join("L")}"/>`,
          ...coloured(buckets, limit, point),
        ]
      : []),
    ...strip,
  ];
};

/** Neighbouring buckets of one colour are one path, which reaches to the next bucket's first point. */
const coloured = (
  buckets: readonly Bucket[],
  limit: number,
  point: (point: readonly [number, number]) => string,
): readonly Html[] => {
  const paths: Html[] = [];
  for (let i = 0; i < buckets.length; ) {
    const name = valueClass(buckets[i]!.relevance, limit);
    let end = i;
    while (end < buckets.length && valueClass(buckets[end]!.relevance, limit) === name) end++;
    if (name !== "bl-zero") {
      const own = buckets.slice(i, end).flatMap(({ points }) => points);
      const to = buckets[end]?.points[0];
      const from = i > 0 && own.length === 1 && !to ? buckets[i - 1]!.points.at(-1) : undefined;
      const all = [...(from ? [from] : []), ...own, ...(to ? [to] : [])].map(point);
      paths.push(
        html`<path class="${name}" style="fill:none" stroke-width="2.6" stroke-linecap="round" stroke-linejoin="round" d="M${all.join("L")}"/>`,
      );
    }
    i = end;
  }
  return paths;
};
