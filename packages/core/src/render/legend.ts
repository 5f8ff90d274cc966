/**
 * The colour bar with numbers. Its ends are per cent of the relevance that reached the input, Σ|R| over all positions, which one
 * position holds. Beside it stands the share of the seed that arrived, Σ R / seed.
 */
import { blit, createRaster, fillRect, frame, MUTED, type Raster } from "./canvas.ts";
import { colorAt } from "./colormap.ts";
import { colorsFor } from "./heatmap.ts";
import type { Plane, Range } from "./plane.ts";
import { drawText, fitText, textWidth } from "./text.ts";

export interface LegendOptions {
  readonly width: number;
  /** Σ R at the input over the relevance put at the output; left out when unknown. */
  readonly share?: number;
  readonly size?: number;
}

/** Per cent of Σ|R| at the end of the colours; 0 for a map of zeros. */
export const percentAtEnd = ({ values }: Plane, { limit }: Range): number => {
  const total = values.reduce((sum, v) => (Number.isFinite(v) ? sum + Math.abs(v) : sum), 0);
  return total === 0 ? 0 : (100 * limit) / total;
};

/** Three significant digits without an exponent, as in "0.0214 %". */
export const percent = (value: number): string => {
  if (value === 0 || !Number.isFinite(value)) return "0 %";
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  return `${value.toFixed(Math.min(digits, 12))} %`;
};

export const legend = (plane: Plane, range: Range, { width, share, size = 18 }: LegendOptions): Raster => {
  const style = { size, color: MUTED };
  const [bar, row] = [Math.round(size * 0.8), Math.round(size * 1.3)];
  const lines = [
    ...(share === undefined ? [] : [`${percent(100 * share)} of the seed reached the input`]),
    ...(range.invalid === 0 ? [] : [`${range.invalid} values are not numbers (grey)`]),
  ];
  const raster = createRaster(width, bar + 4 + row * (1 + lines.length));
  const colors = colorsFor(range);
  const strip = createRaster(width - 2, bar);
  for (let x = 0; x < strip.width; x++) {
    const t = x / (strip.width - 1);
    fillRect(strip, x, 0, 1, bar, colorAt(colors, range.signed ? 2 * t - 1 : t));
  }
  blit(raster, strip, 1, 1);
  frame(raster, 1, 1, strip.width, bar);
  const end = percent(percentAtEnd(plane, range));
  const [low, middle, high] = range.signed ? [`-${end}`, "0", `+${end}`] : ["0", "", end];
  const y = bar + 6;
  drawText(raster, low, 0, y, style);
  drawText(raster, middle, Math.round((width - textWidth(middle, style)) / 2), y, style);
  drawText(raster, high, width - textWidth(high, style) - 2, y, style);
  lines.forEach((line, i) => {
    drawText(raster, fitText(line, width, style), 0, y + row * (i + 1), style);
  });
  return raster;
};
