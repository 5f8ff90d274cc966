/** Pictures that lie inside a page. */
import { encodePng, type Raster, scaleRaster } from "@backlit/core";
import type { Pictures } from "../host/host.ts";
import { base64 } from "../words/base64.ts";

/** Below this many pixels a side every pixel counts: PNG. */
const SMALL = 96;

export const dataUri = async (pictures: Pick<Pictures, "encode">, raster: Raster): Promise<string> => {
  const small = Math.max(raster.width, raster.height) < SMALL;
  const { type, bytes } = small ? { type: "image/png", bytes: encodePng(raster) } : await pictures.encode(raster);
  return `data:${type};base64,${base64(bytes)}`;
};

/** Made smaller where its longer side is longer; never larger. */
export const atMost = (raster: Raster, side: number): Raster => {
  const scale = side / Math.max(raster.width, raster.height);
  if (scale >= 1) return raster;
  return scaleRaster(
    raster,
    Math.max(1, Math.round(raster.width * scale)),
    Math.max(1, Math.round(raster.height * scale)),
    "smooth",
  );
};
