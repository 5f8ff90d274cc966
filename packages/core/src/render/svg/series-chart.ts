/**
 * Series as figures: a panel a channel, whose line is what the model saw, coloured and thick where relevance lies, above a strip of the relevance
 * alone; channels with less relevance have their strip only. Below several channels stand the sums over them, step by step.
 */
import type { Figure, Mark, TextMark } from "../figure/figure.ts";
import { figureSvg } from "../figure/svg-figure.ts";
import { fitted, roomFor } from "../figure/text-size.ts";
import { COLUMNS, columnsOf, limitIn, type Series, stepSums } from "../series.ts";
import { type Across, curveMarks, placeOf, stripMarks, sumMarks } from "./series-marks.ts";
import { ticks } from "./svg.ts";
import { tickMarks } from "./tick-marks.ts";

export interface SeriesChartOptions {
  readonly title?: string;
  /** Channels with a panel at most, those with most |R|; default 8. */
  readonly count?: number;
  /** The title where no font has its letters. */
  readonly otherwise?: string;
  /** Where the colours end at least, for charts side by side. */
  readonly limit?: number;
  /** Where the first value lies and how far apart they are, in `unit`; default: they are counted. */
  readonly axis?: { readonly first: number; readonly step: number; readonly unit: string };
  /** px; default 940. */
  readonly width?: number;
}

const [LEFT, RIGHT, WIDTH] = [76, 16, 952];
const [HEAD, PANEL, STRIP, SUMS, GAP, NEXT] = [16, 130, 14, 64, 26, 6];
/** Strips drawn at most; more channels are told as a number. */
const STRIPS = 40;

/** Channels are [L] and equally long. */
export const seriesFigure = (channels: readonly Series[], options: SeriesChartOptions = {}): Figure => {
  const { title, count = 8, otherwise, limit: least = 0, width = WIDTH } = options;
  const size = (channel: Series) => channel.relevance.reduce((sum, value) => sum + Math.abs(value), 0);
  const sizes = channels.map(size);
  const order = channels.map((_, i) => i).sort((a, b) => sizes[b]! - sizes[a]!);
  const large = order.slice(0, count).sort((a, b) => a - b);
  const small = order.slice(count, count + STRIPS).sort((a, b) => a - b);
  const plot = width - LEFT - RIGHT;
  // Narrow drawings have fewer columns, wide ones no more than others on the same scale.
  const columns = columnsOf(channels, Math.min(COLUMNS, Math.floor(plot / 2)));
  const limit = Math.max(least, limitIn(columns));
  const length = channels[0]?.relevance.length ?? 0;
  const across: Across = { left: LEFT, right: LEFT + plot, length, limit };
  const marks: Mark[] = [];
  const say = (text: string, y: number, more: Partial<TextMark> = {}) =>
    marks.push({ kind: "text", text, x: LEFT, y, tone: "muted", ...more });
  const add = (more: readonly Mark[]) => {
    for (const mark of more) marks.push(mark);
  };
  if (title)
    say(fitted(title, width - 16, { bold: true }), 26, {
      x: 8,
      bold: true,
      tone: "ink",
      ...(otherwise !== undefined && { otherwise }),
    });
  let y = title ? 44 : 16;
  for (const c of large) {
    if (channels[c]!.values !== undefined) {
      if (channels.length > 1) {
        say(`channel ${c}`, y + 12);
        y += HEAD;
      }
      add(curveMarks(columns[c]!, across, [y, PANEL]));
      y += PANEL;
    } else if (channels.length > 1) say(String(c), y + 12, { x: LEFT - 8, anchor: "end" });
    add(stripMarks(columns[c]!, across, [y, STRIP]));
    y += STRIP + GAP;
  }
  for (const c of small) {
    say(String(c), y + 12, { x: LEFT - 8, anchor: "end" });
    add(stripMarks(columns[c]!, across, [y, STRIP]));
    y += STRIP + NEXT;
  }
  if (channels.length > 1) {
    const rest = channels.length - large.length - small.length;
    const told = `sums over all ${channels.length} channels${rest > 0 ? `, ${rest} of them not drawn` : ""}`;
    say(fitted(told, plot), y + 14);
    const [sums] = columnsOf([{ relevance: stepSums(channels) }], columns[0]?.length);
    add(sumMarks(sums!, across, [y + 22, SUMS]));
    y += 22 + SUMS + GAP;
  }
  const bottom = y - GAP + (channels.length > 1 ? 4 : 0);
  const { first, step, unit } = options.axis ?? { first: 0, step: 1, unit: "" };
  const room = roomFor(unit === "" ? String(length) : `00.00 ${unit}`) + 24;
  const last = first + step * Math.max(0, length - 1);
  add(
    tickMarks(ticks(first, last, Math.max(2, Math.min(8, Math.floor(plot / room)))), {
      x: (value) => placeOf(across, (value - first) / step),
      bottom,
      unit,
    }),
  );
  const label = `series of ${length} values${title ? `: ${title}` : ""}`;
  return { width, height: bottom + 34, label, marks };
};

/** An SVG drawing, light and dark, as a text; channels are [L] and equally long. */
export const seriesChart = (channels: readonly Series[], options: SeriesChartOptions = {}): string =>
  figureSvg(seriesFigure(channels, options));
