/** A series in a terminal: its course in eighths of a line's height, coloured by relevance; and where most of it lies. */
import { maxOf, minOf } from "../../numeric/extremes.ts";
import { colorAt, diverging } from "../colour/colormap.ts";
import { limitOf } from "../pieces.ts";
import { type Bucket, bucketsOf, type Series } from "../series.ts";
import { signed } from "../signed.ts";
import { colourCode, type TerminalOptions } from "./terminal.ts";
import { paint } from "./terminal-words.ts";

const LEVELS = "▁▂▃▄▅▆▇█";
const PEAKS = 5;

/** Lines of text: the series in `width` columns, then its peaks. */
export const terminalSeries = (series: Series, { width, colors }: TerminalOptions): readonly string[] => {
  const buckets = bucketsOf(series, width);
  const limit = limitOf(buckets.map(({ relevance }) => relevance));
  // What has no values of its own, sums over channels, rises with its relevance.
  const values = buckets.map(({ points, relevance }) =>
    series.values ? points.reduce((sum, [, value]) => sum + value, 0) / points.length : Math.abs(relevance),
  );
  const [least, most] = [minOf(values), maxOf(values)];
  const line = buckets.map(({ relevance }, i) => {
    const level = most === least ? 3 : Math.round(((values[i]! - least) / (most - least)) * (LEVELS.length - 1));
    const character = LEVELS[level]!;
    const t = limit === 0 ? 0 : relevance / limit;
    if (colors === "none" || Math.abs(t) < 0.05) return character;
    return paint(character, `38;${colourCode(colorAt(diverging, Math.sign(t) * (0.3 + 0.5 * Math.abs(t))), colors)}`);
  });
  const strongest = buckets
    .filter(({ relevance }) => relevance !== 0)
    .sort((a, b) => Math.abs(b.relevance) - Math.abs(a.relevance))
    .slice(0, PEAKS);
  return [line.join(""), peaksIn(strongest, width)];
};

/** As many of them as a line has room for, from left to right. */
const peaksIn = (strongest: readonly Bucket[], width: number): string => {
  if (strongest.length === 0) return "relevance is zero everywhere";
  const told = strongest
    .toSorted((a, b) => a.start - b.start)
    .map(({ start, end, relevance }) => `${start}${end - start > 1 ? `-${end - 1}` : ""} ${signed(relevance, 2)}`);
  const text = `most relevance at ${told.join(", ")}`;
  return text.length > width && strongest.length > 1 ? peaksIn(strongest.slice(0, -1), width) : text;
};
