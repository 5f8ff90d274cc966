import { encode } from "fast-png";
import type { Raster } from "./canvas.ts";

/** The raster as a PNG file (8-bit RGBA). */
export const encodePng = (raster: Raster): Uint8Array =>
  encode({ width: raster.width, height: raster.height, data: raster.data, channels: 4, depth: 8 });
