/** Relevance along one axis (a signal, a feature vector) as bars around a zero line. */

import type { Raster } from "../../formats/raster.ts";
import { colorAt } from "../colour/colormap.ts";
import { createRaster, fillRect, HAIRLINE } from "./canvas.ts";
import { colorsFor, level } from "./heatmap.ts";
import type { Plane, Range } from "./plane.ts";

/** A plane of height 1 as a chart of the given size. */
export const strip = ({ width: n, values }: Plane, range: Range, width: number, height: number): Raster => {
  const raster = createRaster(width, height);
  const zero = range.signed ? Math.round(height / 2) : height - 1;
  const reach = range.signed ? height / 2 - 2 : height - 2;
  values.forEach((value, i) => {
    const t = level(value, range);
    const [left, right] = [
      Math.round((i * width) / n),
      Math.max(Math.round((i * width) / n) + 1, Math.round(((i + 1) * width) / n)),
    ];
    const tall = Math.round(Math.min(1, Math.abs(Number.isNaN(t) ? 1 : t)) * reach);
    // Pale colours vanish on white: bars keep at least the tone of a third.
    const tone = Number.isNaN(t) ? t : Math.sign(t) * Math.max(0.35, Math.abs(t));
    fillRect(raster, left, t < 0 ? zero : zero - tall, right - left, tall, colorAt(colorsFor(range), tone));
  });
  fillRect(raster, 0, zero, width, 1, HAIRLINE);
  return raster;
};
