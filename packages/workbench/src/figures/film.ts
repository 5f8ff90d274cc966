/** A film: the steps of a method side by side, each under its title. */
import {
  type Arrangement,
  depreprocess,
  encodePng,
  type FloatTensor,
  type Frame,
  fromPixels,
  grid,
  heatmap,
  type Preprocessor,
  type Raster,
  rangeOf,
  scaleRaster,
} from "@backlit/core";
import { planeOfMap } from "../kinds/picture/heatmap.ts";

const COLUMNS = 8;
const [SIDE, SIZE] = [160, 14];

/** PNG. Maps share one range of colours, so that they can be compared. Throws BadInput for frames that are no pictures. */
export const drawFilm = (
  frames: readonly Frame[],
  arrangement: Arrangement | undefined,
  preprocessor?: Preprocessor,
): Uint8Array => {
  const plane = (values: Frame["values"]) => planeOfMap(values as FloatTensor, arrangement);
  const planes = frames.map(({ what, values }) => (what === "relevance" ? plane(values) : undefined));
  const all = planes.flatMap((plane) => (plane ? [plane.values] : []));
  const range = rangeOf({ width: 1, height: 1, values: concatenated(all) });
  const pictures = frames.map(({ values }, i): Raster => {
    const map = planes[i];
    if (map) return heatmap(map, range);
    if (preprocessor) return fromPixels(depreprocess({ ...values, dims: [1, ...values.dims] }, preprocessor, 0));
    const own = plane(values);
    return heatmap(own, rangeOf(own));
  });
  const panels = pictures.map((picture, i) => {
    const times = Math.max(1, Math.ceil(SIDE / Math.max(picture.width, picture.height)));
    const scaled = scaleRaster(picture, picture.width * times, picture.height * times, "nearest");
    return grid([[scaled]], { columns: [frames[i]!.title], size: SIZE });
  });
  const rows = Array.from({ length: Math.ceil(panels.length / COLUMNS) }, (_, r) => panels.slice(r * COLUMNS, (r + 1) * COLUMNS));
  return encodePng(grid(rows, { gap: 12 }));
};

const concatenated = (parts: readonly Float32Array[]): Float32Array => {
  const all = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
};
