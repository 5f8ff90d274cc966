/** Pictures as PNG files. */
import { encode } from "fast-png";
import type { Raster } from "./raster.ts";

/** The raster as a PNG file (8-bit RGBA). */
export const encodePng = (raster: Raster): Uint8Array =>
  encode({ width: raster.width, height: raster.height, data: raster.data, channels: 4, depth: 8 });

/** One grey value a pixel, row by row, as a PNG file (8-bit grey). */
export const encodeGreyPng = (grey: Uint8Array, width: number): Uint8Array =>
  encode({ width, height: grey.length / width, data: grey, channels: 1, depth: 8 });
