/**
 * Text drawn with the stroke font: each pixel is covered by clamp(r + ½ − d, 0, 1), where d is its distance to the nearest
 * pen line and r the pen's radius, all in pixels (the exact coverage of a straight edge, up to the pixel's orientation).
 */

import type { Raster } from "../../formats/raster.ts";
import { maxOf, minOf } from "../../numeric/extremes.ts";
import type { Rgb } from "../colour/oklab.ts";
import { blendPixel, INK } from "./canvas.ts";
import { glyphOf } from "./font.ts";

export interface TextStyle {
  /** Height of a line in pixels; capitals are 0.7 of it. Default 20. */
  readonly size?: number;
  readonly color?: Rgb;
  readonly bold?: boolean;
}

/** Units from line to line, from the line's top to the cap top, between two glyphs' boxes. */
const LINE = 20;
const CAP_TOP = 2;
const GAP = 4.2;
const PEN_RADIUS = { regular: 0.85, bold: 1.25 };

/** Width in pixels from the first glyph's left edge to the last one's right edge. */
export const textWidth = (text: string, { size = 20, bold = false }: TextStyle = {}): number => {
  const units = [...text].reduce((sum, c) => sum + glyphOf(c).width + spacing(bold), 0);
  return Math.ceil((units * size) / LINE);
};

const spacing = (bold: boolean) => GAP + (bold ? 0.6 : 0);

/** Draws one line of text; (x, y) is its top left corner. Returns its width in pixels. */
export const drawText = (raster: Raster, text: string, x: number, y: number, style: TextStyle = {}): number => {
  const { size = 20, color = INK, bold = false } = style;
  const unit = size / LINE;
  const radius = (bold ? PEN_RADIUS.bold : PEN_RADIUS.regular) * unit;
  let pen = spacing(bold) / 2;
  for (const character of text) {
    const { width, strokes } = glyphOf(character);
    const originX = x + pen * unit;
    const originY = y + CAP_TOP * unit;
    drawStrokes(
      raster,
      strokes.map((stroke) => stroke.map((v, i) => (i % 2 === 0 ? originX : originY) + v * unit)),
      radius,
      color,
    );
    pen += width + spacing(bold);
  }
  return textWidth(text, style);
};

/** The text, shortened with "…" so that it is no wider than `width` pixels. */
export const fitText = (text: string, width: number, style: TextStyle = {}): string => {
  if (textWidth(text, style) <= width) return text;
  const characters = [...text];
  while (characters.length > 0 && textWidth(`${characters.join("").trimEnd()}…`, style) > width) characters.pop();
  return `${characters.join("").trimEnd()}…`;
};

const drawStrokes = (raster: Raster, strokes: readonly (readonly number[])[], radius: number, color: Rgb): void => {
  const xs = strokes.flatMap((s) => s.filter((_, i) => i % 2 === 0));
  const ys = strokes.flatMap((s) => s.filter((_, i) => i % 2 === 1));
  const reach = radius + 1;
  for (let row = Math.floor(minOf(ys) - reach); row <= maxOf(ys) + reach; row++) {
    for (let column = Math.floor(minOf(xs) - reach); column <= maxOf(xs) + reach; column++) {
      const nearest = minOf(strokes.map((stroke) => distanceTo(stroke, column + 0.5, row + 0.5)));
      const coverage = Math.min(1, radius + 0.5 - nearest);
      if (coverage > 0) blendPixel(raster, column, row, color, coverage);
    }
  }
};

/** Distance of a point to a polyline. */
const distanceTo = (line: readonly number[], x: number, y: number): number => {
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i + 3 < line.length; i += 2) {
    const [ax, ay] = [line[i]!, line[i + 1]!];
    const [dx, dy] = [line[i + 2]! - ax, line[i + 3]! - ay];
    const t = Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy || 1)));
    best = Math.min(best, Math.hypot(x - ax - t * dx, y - ay - t * dy));
  }
  return best;
};
