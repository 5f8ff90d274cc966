/** Heatmaps as pictures: PNG files, and lines for the terminal. */
import {
  cropPixels,
  depreprocess,
  type ExplainedPlane,
  encodePng,
  explanationPicture,
  fromPixels,
  type Geometry,
  heatmap,
  type Pixels,
  type Plane,
  type Preprocessor,
  planeOf,
  type Raster,
  type RelevanceMap,
  rangeOf,
  seenRectangle,
  type Tensor,
  terminalPicture,
} from "@backlit/core";
import type { ExplainedMap, ExplainedRow } from "./explained.ts";
import { type Io, terminalColours } from "./io.ts";
import { shareBase } from "./report/ledger.ts";

const TERMINAL_WIDTH = 56;

/** PNG. Throws BadInput for relevance that is no picture. */
export const drawHeatmap = (
  row: ExplainedRow,
  map: ExplainedMap,
  value: string,
  subtitle: string,
  preprocessor?: Preprocessor,
): Uint8Array => {
  const plane = planeOfMap(map.relevances[value]!, row.sample.feeds[value], preprocessor);
  const seen = seenPicture(row, value, preprocessor);
  const { target, ledger, note } = map;
  const probability = target.probability === undefined ? "" : `   ${(100 * target.probability).toFixed(1)} %`;
  const explained: ExplainedPlane = {
    title: `${target.label ?? `class ${target.index}`}${probability}`,
    subtitle: note?.text ?? subtitle,
    plane,
    ...(ledger && shareBase(ledger, map) !== 0 && { share: ledger.arrived / shareBase(ledger, map) }),
  };
  return encodePng(explanationPicture([explained], seen ? { picture: seen } : {}));
};

/** Maps of a method's own (one channel, the size of a layer) have channels first, whatever the model's layout. */
export const planeOfMap = (map: RelevanceMap, feed: Tensor | undefined, preprocessor: Preprocessor | undefined): Plane =>
  planeOf(map, feed?.dims.slice(1).join() === map.dims.join() ? preprocessor?.layout : "nchw");

/** What the model saw of the picture, at the picture's own resolution. */
const seenPicture = ({ sample, index }: ExplainedRow, value: string, preprocessor?: Preprocessor): Raster | undefined => {
  const { picture } = sample;
  if (picture) return fromPixels(cropped(picture.pixels, picture.geometry));
  const tensor = sample.feeds[value];
  return tensor && preprocessor ? fromPixels(depreprocess(tensor, preprocessor, index ?? 0)) : undefined;
};

const cropped = (pixels: Pixels, geometry: Geometry): Pixels => {
  const { x, y, width, height } = seenRectangle(geometry);
  const [left, top] = [Math.round(x), Math.round(y)];
  return cropPixels(pixels, {
    left,
    top,
    width: Math.max(1, Math.round(x + width) - left),
    height: Math.max(1, Math.round(y + height) - top),
  });
};

/** Half blocks; nothing for relevance that is no picture. */
export const drawTerminal = (
  row: ExplainedRow,
  { relevances }: ExplainedMap,
  value: string,
  preprocessor: Preprocessor | undefined,
  io: Io,
): readonly string[] => {
  if (relevances[value]!.dims.length !== 3) return [];
  const plane = planeOfMap(relevances[value]!, row.sample.feeds[value], preprocessor);
  return terminalPicture(heatmap(plane, rangeOf(plane)), {
    width: Math.min(TERMINAL_WIDTH, (io.columns ?? 80) - 2),
    colors: terminalColours(io, true),
  });
};
