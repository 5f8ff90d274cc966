/** A reference sample of one channel: what the channel sees of it, and the map of the decision through that channel. */
import { overlay, type Plane, type Range, type Raster } from "@backlit/core";
import type { Pictures } from "../../host/host.ts";
import { atMost, dataUri } from "../../views/data-uri.ts";
import type { Box } from "./box.ts";

/** Of a tile on the page, at twice its density. */
const SIDE = 168;

export interface Drawn {
  /** What the model saw. */
  readonly seen: Raster;
  readonly plane: Plane;
  readonly range: Range;
  readonly box: Box | undefined;
}

/** Data URIs of the cut-out and of the map over it. */
export const drawTile = async (
  { seen, plane, range, box }: Drawn,
  pictures: Pick<Pictures, "encode">,
): Promise<{ readonly picture: string; readonly map: string }> => {
  const picture = box ? cutRaster(seen, box) : seen;
  const map = overlay(picture, box ? cutPlane(plane, box) : plane, range);
  return { picture: await dataUri(pictures, atMost(picture, SIDE)), map: await dataUri(pictures, atMost(map, SIDE)) };
};

const cutPlane = ({ width, values }: Plane, { left, top, right, bottom }: Box): Plane => {
  const [columns, rows] = [right - left, bottom - top];
  return {
    width: columns,
    height: rows,
    values: Float32Array.from(
      { length: columns * rows },
      (_, i) => values[(top + Math.floor(i / columns)) * width + left + (i % columns)]!,
    ),
  };
};

const cutRaster = ({ width, data }: Raster, { left, top, right, bottom }: Box): Raster => {
  const columns = right - left;
  const out = new Uint8Array(4 * columns * (bottom - top));
  for (let y = top; y < bottom; y++)
    out.set(data.subarray(4 * (y * width + left), 4 * (y * width + right)), 4 * (y - top) * columns);
  return { width: columns, height: bottom - top, data: out };
};
