/**
 * The colour bar with numbers. Its ends say which share of Σ|R| over all positions of the map one position holds: 100·limit / Σ|R|
 * per cent, "≥" and "≤" where some positions hold more than the colours can show. Below it stands the share of the seed that
 * arrived, Σ R / seed.
 */

import type { Raster } from "../../formats/raster.ts";
import { colorAt } from "../colour/colormap.ts";
import { blit, createRaster, fillRect, frame, MUTED } from "./canvas.ts";
import { colorsFor } from "./heatmap.ts";
import type { Plane, Range } from "./plane.ts";
import { drawText, fitText, textWidth } from "./text.ts";

export interface LegendOptions {
  readonly width: number;
  /** Σ R at the input over the relevance put at the output; left out when unknown. */
  readonly share?: number;
  readonly size?: number;
  /** What one position is. Default "pixel". */
  readonly unit?: string;
}

/** Per cent of Σ|R| at the end of the colours; 0 for a map of zeros. */
export const percentAtEnd = ({ values }: Plane, { limit }: Range): number => {
  const total = values.reduce((sum, v) => (Number.isFinite(v) ? sum + Math.abs(v) : sum), 0);
  return total === 0 ? 0 : (100 * limit) / total;
};

/** Three significant digits, as in "0.0214 %"; an exponent only below a millionth of a per cent. "? %" for what is no number. */
export const percent = (value: number): string => {
  if (!Number.isFinite(value)) return "? %";
  if (value === 0) return "0 %";
  const exponent = Math.floor(Math.log10(Math.abs(value)));
  const digits = exponent < -6 ? value.toExponential(2) : value.toFixed(Math.max(0, 2 - exponent));
  return `${digits.replaceAll("-", "−")} %`;
};

/**
 * The labels at the left end, the middle and the right end of the bar.
 * @internal Exported for its tests.
 */
export const endLabels = (plane: Plane, range: Range): readonly [string, string, string] => {
  const end = percent(percentAtEnd(plane, range));
  const beyond = (sign: 1 | -1) => plane.values.some((v) => Number.isFinite(v) && sign * v > range.limit);
  const high = `${beyond(1) ? "≥ " : ""}${range.signed ? "+" : ""}${end}`;
  return range.signed ? [`${beyond(-1) ? "≤ " : ""}−${end}`, "0", high] : ["0", "", high];
};

/**
 * The lines of text under the bar.
 * @internal Exported for its tests.
 */
export const captions = ({ limit, invalid }: Range, share: number | undefined, unit = "pixel"): string[] => [
  limit === 0 ? "relevance is zero everywhere" : `share of Σ|R| per ${unit}`,
  ...(share === undefined || !Number.isFinite(share) ? [] : [`${percent(100 * share)} of the seed reached the input`]),
  ...(invalid === 0 ? [] : [`${invalid} ${invalid === 1 ? "value is no number" : "values are not numbers"} (grey)`]),
];

/**
 * The colour bar over `range` with its numbers, `width` pixels wide; below it what the map holds and, where `share` is given,
 * the share of the seed that arrived.
 */
export const legend = (plane: Plane, range: Range, { width, share, size = 18, unit }: LegendOptions): Raster => {
  const style = { size, color: MUTED };
  const [bar, row] = [Math.round(size * 0.8), Math.round(size * 1.3)];
  const lines = captions(range, share, unit);
  const raster = createRaster(width, bar + 4 + row * (1 + lines.length));
  const colors = colorsFor(range);
  const strip = createRaster(width - 2, bar);
  for (let x = 0; x < strip.width; x++) {
    const t = x / (strip.width - 1);
    fillRect(strip, x, 0, 1, bar, colorAt(colors, range.signed ? 2 * t - 1 : t));
  }
  blit(raster, strip, 1, 1);
  frame(raster, 1, 1, strip.width, bar);
  const [low, middle, high] = endLabels(plane, range);
  const y = bar + 6;
  drawText(raster, low, 0, y, style);
  drawText(raster, middle, Math.round((width - textWidth(middle, style)) / 2), y, style);
  drawText(raster, high, width - textWidth(high, style) - 2, y, style);
  lines.forEach((line, i) => {
    drawText(raster, fitText(line, width, style), 0, y + row * (i + 1), style);
  });
  return raster;
};
