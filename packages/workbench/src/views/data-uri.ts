/** Pictures that lie inside a page. */
import { encodePng, fewColours, type Raster, scaleRaster } from "@backlit/core";
import type { Pictures } from "../host/host.ts";
import { base64 } from "../words/base64.ts";

/** Below this many pixels a side every pixel counts: PNG. */
const SMALL = 96;

/** Drawings of few colours exactly, as PNG; photographs as the place writes them, PNG where it writes none. */
export const dataUri = async (pictures: Pick<Pictures, "encode"> | undefined, raster: Raster): Promise<string> => {
  const exact = Math.max(raster.width, raster.height) < SMALL || fewColours(raster);
  const { type, bytes } =
    exact || pictures === undefined ? { type: "image/png", bytes: encodePng(raster) } : await pictures.encode(raster);
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
