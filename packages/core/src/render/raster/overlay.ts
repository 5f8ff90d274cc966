/** Relevance over the picture: the picture in dimmed grey, the colours as opaque as the relevance is strong. */

import type { Raster } from "../../formats/raster.ts";
import { colorAt, diverging, sequential } from "../colour/colormap.ts";
import type { Rgb } from "../colour/oklab.ts";
import { createRaster, getPixel, setPixel } from "./canvas.ts";
import { level } from "./heatmap.ts";
import type { Plane, Range } from "./plane.ts";

const [REST, SPAN] = [70, 0.62]; // grey 0..255 becomes 70..228: neither black nor white swallows a colour
/** Opacity |t|^γ: γ < 1 shows weak relevance too. */
const GAMMA = 0.7;

/** The picture stretched to the plane's size must be given; both lie exactly over each other. */
export const overlay = (picture: Raster, plane: Plane, range: Range): Raster => {
  const raster = createRaster(picture.width, picture.height);
  const colors = range.signed ? diverging : sequential;
  for (let y = 0; y < picture.height; y++)
    for (let x = 0; x < picture.width; x++) {
      const t = level(sample(plane, (x + 0.5) / picture.width, (y + 0.5) / picture.height), range);
      const [r, g, b] = getPixel(picture, x, y);
      const grey = REST + SPAN * (0.2126 * r + 0.7152 * g + 0.0722 * b);
      // Saturated end colours are dark; over grey the middle of the map reads better.
      const color = colorAt(colors, Number.isNaN(t) ? t : Math.sign(t) * Math.min(0.72, 0.3 + 0.5 * Math.abs(t)));
      const opacity = Number.isNaN(t) ? 0.8 : Math.min(1, Math.abs(t)) ** GAMMA;
      setPixel(raster, x, y, mix([grey, grey, grey], color, opacity));
    }
  return raster;
};

const mix = (under: Rgb, over: Rgb, opacity: number): Rgb =>
  [0, 1, 2].map((c) => Math.round(under[c]! + opacity * (over[c]! - under[c]!))) as unknown as Rgb;

/** Bilinear between the centres of positions; u and v run from 0 to 1. */
const sample = ({ width, height, values }: Plane, u: number, v: number): number => {
  const [fx, fy] = [clamp(u * width - 0.5, width), clamp(v * height - 0.5, height)];
  const [x, y] = [Math.floor(fx), Math.floor(fy)];
  const [x1, y1] = [Math.min(x + 1, width - 1), Math.min(y + 1, height - 1)];
  const at = (column: number, row: number) => values[row * width + column]!;
  const across = (row: number) => at(x, row) + (fx - x) * (at(x1, row) - at(x, row));
  return across(y) + (fy - y) * (across(y1) - across(y));
};
const clamp = (value: number, size: number): number => Math.min(size - 1, Math.max(0, value));
