/** Pictures that lie inside a page. */
import { encodePng, fewColours, type Raster, shrunk } from "@backlit/core";
import type { Pictures } from "../host/host.ts";
import { base64 } from "../words/base64.ts";

/** Below this many pixels a side every pixel counts: PNG. */
const SMALL = 96;

/** Bytes from which few colours are those of a grey photograph. */
const LARGE = 90_000;

/** Drawings of few colours exactly, as PNG; photographs as the place writes them, PNG where it writes none. */
export const dataUri = async (pictures: Pick<Pictures, "encode"> | undefined, raster: Raster): Promise<string> => {
  const drawn = Math.max(raster.width, raster.height) < SMALL || fewColours(raster);
  const png = drawn || pictures === undefined ? encodePng(raster) : undefined;
  const small = png !== undefined && (pictures === undefined || png.length <= LARGE);
  const { type, bytes } = small ? { type: "image/png", bytes: png } : await pictures!.encode(raster);
  return `data:${type};base64,${base64(bytes)}`;
};

/** Made smaller where its longer side is longer; never larger. */
export const atMost = (raster: Raster, side: number): Raster => {
  const scale = side / Math.max(raster.width, raster.height);
  return scale >= 1 ? raster : shrunk(raster, scale);
};
