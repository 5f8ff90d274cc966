/** A plane in colours. Zero is the neutral colour; positive speaks for the class (red), negative against it (blue). */

import type { Raster } from "../../formats/raster.ts";
import { type ColorMap, colorAt, diverging, sequential } from "../colour/colormap.ts";
import { createRaster, setPixel } from "./canvas.ts";
import type { Plane, Range } from "./plane.ts";

/** The colour map that suits the range: diverging, or sequential where nothing is negative. */
export const colorsFor = ({ signed }: Range): ColorMap => (signed ? diverging : sequential);

/** One pixel per position. NaN and infinite values are grey. */
export const heatmap = ({ width, height, values }: Plane, range: Range, colors: ColorMap = colorsFor(range)): Raster => {
  const raster = createRaster(width, height);
  values.forEach((value, i) => {
    setPixel(raster, i % width, Math.floor(i / width), colorAt(colors, level(value, range)));
  });
  return raster;
};

/** −1..1, or NaN. */
export const level = (value: number, { limit }: Range): number =>
  !Number.isFinite(value) ? Number.NaN : limit === 0 ? 0 : value / limit;
