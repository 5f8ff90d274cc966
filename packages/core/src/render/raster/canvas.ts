/** A minimal opaque raster: fill, copy, blend, crop. Coordinates are whole pixels, the origin is top left; what lies outside is clipped. */
import type { Raster } from "../../formats/raster.ts";

import { type Pixels, withChannels } from "../../input/picture/pixels.ts";
import { resize } from "../../input/picture/resize.ts";
import type { Rgb } from "../colour/oklab.ts";

export const WHITE: Rgb = [255, 255, 255];
export const INK: Rgb = [28, 32, 38];
export const MUTED: Rgb = [98, 106, 116];
export const HAIRLINE: Rgb = [208, 213, 219];

/** A picture of one colour, RGBA; sizes in pixels. Default white. */
export const createRaster = (width: number, height: number, color: Rgb = WHITE): Raster => {
  const raster = { width, height, data: new Uint8Array(width * height * 4) };
  fillRect(raster, 0, 0, width, height, color);
  return raster;
};

export const fillRect = (raster: Raster, x: number, y: number, width: number, height: number, color: Rgb): void => {
  const [left, top] = [Math.max(0, x), Math.max(0, y)];
  const right = Math.min(raster.width, x + width);
  const bottom = Math.min(raster.height, y + height);
  if (right <= left || bottom <= top) return;
  for (let column = left; column < right; column++) setPixel(raster, column, top, color);
  const at = (row: number) => 4 * (row * raster.width + left);
  // The other rows are the first one.
  for (let row = top + 1; row < bottom; row++) raster.data.copyWithin(at(row), at(top), at(top) + 4 * (right - left));
};

/** The outline of a rectangle, one pixel wide, just outside of it. */
export const frame = (raster: Raster, x: number, y: number, width: number, height: number, color: Rgb = HAIRLINE): void => {
  fillRect(raster, x - 1, y - 1, width + 2, 1, color);
  fillRect(raster, x - 1, y + height, width + 2, 1, color);
  fillRect(raster, x - 1, y, 1, height, color);
  fillRect(raster, x + width, y, 1, height, color);
};

export const setPixel = (raster: Raster, x: number, y: number, color: Rgb): void => {
  const at = 4 * (y * raster.width + x);
  raster.data[at] = color[0];
  raster.data[at + 1] = color[1];
  raster.data[at + 2] = color[2];
  raster.data[at + 3] = 255;
};

export const getPixel = (raster: Raster, x: number, y: number): Rgb => {
  const at = 4 * (y * raster.width + x);
  return [raster.data[at]!, raster.data[at + 1]!, raster.data[at + 2]!];
};

/** Lays `color` over the pixel with the given opacity 0..1. Outside of the raster nothing happens. */
export const blendPixel = (raster: Raster, x: number, y: number, color: Rgb, opacity: number): void => {
  if (x < 0 || y < 0 || x >= raster.width || y >= raster.height) return;
  const at = 4 * (y * raster.width + x);
  for (let c = 0; c < 3; c++) raster.data[at + c] = Math.round(raster.data[at + c]! * (1 - opacity) + color[c]! * opacity);
};

/** Copies `source` so that its top left corner lies at (x, y). */
export const blit = (target: Raster, source: Raster, x: number, y: number): void => {
  const left = Math.max(0, -x);
  const width = Math.min(source.width, target.width - x) - left;
  if (width <= 0) return;
  for (let row = Math.max(0, -y); row < Math.min(source.height, target.height - y); row++) {
    const from = 4 * (row * source.width + left);
    target.data.set(source.data.subarray(from, from + 4 * width), 4 * ((y + row) * target.width + x + left));
  }
};

/** A picture (grey, RGB, or RGB with alpha, which is laid on white) as a raster. */
export const fromPixels = (picture: Pixels): Raster => {
  const { width, height, data } = withChannels(picture, 3);
  const raster = createRaster(width, height);
  for (let i = 0; i < width * height; i++) raster.data.set(data.subarray(3 * i, 3 * i + 3), 4 * i);
  return raster;
};

/** Another size: "nearest" keeps pixels as squares; "smooth" interpolates when enlarging and averages when shrinking. */
export const scale = (raster: Raster, width: number, height: number, how: "nearest" | "smooth"): Raster => {
  const filter = how === "nearest" ? "nearest" : "bilinear";
  return { width, height, data: resize({ ...raster, channels: 4 }, width, height, filter).data };
};

/** The raster at `part` of its sides. */
export const shrunk = (raster: Raster, part: number): Raster => {
  const [width, height] = [raster.width, raster.height].map((side) => Math.max(1, Math.round(part * side))) as [number, number];
  return width === raster.width && height === raster.height ? raster : scale(raster, width, height, "smooth");
};
