/** Relevance over the picture: the picture in dimmed grey, the colours as opaque as the relevance is strong. */

import type { Raster } from "../../formats/raster.ts";
import { type ColorMap, colorAt } from "../colour/colormap.ts";
import type { Rgb } from "../colour/oklab.ts";
import { colorsFor, level } from "./heatmap.ts";
import type { Plane, Range } from "./plane.ts";

const [REST, SPAN] = [70, 0.62]; // grey 0..255 becomes 70..228: neither black nor white swallows a colour
/** Opacity |t|^γ: γ < 1 shows weak relevance too. */
const GAMMA = 0.7;

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface OverlayOptions {
  readonly colors?: ColorMap;
  /** Of the strongest relevance, 0 to 1; default 1. */
  readonly alpha?: number;
  /** Where the map lies on the picture, in its pixels; default: on all of it. */
  readonly box?: Box;
}

/** The map is stretched over its box, bilinear. Saturated ends of a colour map are dark (or pale), so its middle is taken. */
export const overlay = (picture: Raster, plane: Plane, range: Range, options: OverlayOptions = {}): Raster => {
  const { colors = colorsFor(range), alpha = 1 } = options;
  const { data } = picture;
  return drawn(picture, plane, options.box, (out, at, value) => {
    const grey = REST + SPAN * (0.2126 * data[at]! + 0.7152 * data[at + 1]! + 0.0722 * data[at + 2]!);
    const t = value === undefined ? 0 : level(value, range);
    const known = !Number.isNaN(t);
    const size = colors.signed ? Math.abs(t) : Math.max(0, t);
    const color = colorAt(colors, known ? Math.sign(t) * Math.min(0.72, 0.3 + 0.5 * size) : t);
    const opacity = alpha * (known ? Math.min(1, size) ** GAMMA : 0.8);
    for (let c = 0; c < 3; c++) out[at + c] = mixed(grey, color[c]!, opacity);
  });
};

/** The picture where relevance speaks for what is explained, as much of it as relevance is strong; else the ground. */
export const masked = (
  picture: Raster,
  plane: Plane,
  range: Range,
  { box, ground }: { readonly box?: Box; readonly ground: Rgb },
): Raster =>
  drawn(picture, plane, box, (out, at, value) => {
    const t = value === undefined ? 0 : level(value, range);
    const opacity = Number.isNaN(t) ? 0 : Math.min(1, Math.max(0, t)) ** GAMMA;
    for (let c = 0; c < 3; c++) out[at + c] = mixed(ground[c]!, picture.data[at + c]!, opacity);
  });

/** `paint`: writes the pixel that begins at a sample, of the map's value there; undefined beside the map. */
const drawn = (
  picture: Raster,
  plane: Plane,
  box: Box = { x: 0, y: 0, width: picture.width, height: picture.height },
  paint: (out: Uint8Array, at: number, value: number | undefined) => void,
): Raster => {
  const { width, height } = picture;
  const data = new Uint8Array(4 * width * height).fill(255);
  for (let y = 0, at = 0; y < height; y++)
    for (let x = 0; x < width; x++, at += 4) {
      const [u, v] = [(x + 0.5 - box.x) / box.width, (y + 0.5 - box.y) / box.height];
      const inside = u >= 0 && u <= 1 && v >= 0 && v <= 1;
      paint(data, at, inside ? sample(plane, u, v) : undefined);
    }
  return { width, height, data };
};

const mixed = (under: number, over: number, opacity: number): number => Math.round(under + opacity * (over - under));

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
