/** Heatmaps as pictures: PNG files, and lines for the terminal. */

import {
  type Arrangement,
  cropPixels,
  depreprocess,
  type ExplainedPlane,
  explanationPicture,
  type FloatTensor,
  fromPixels,
  type Geometry,
  heatmap,
  type Pixels,
  type Plane,
  type Preprocessor,
  planeOf,
  type Raster,
  rangeOf,
  seenRectangle,
  terminalPicture,
} from "@backlit/core";
import { type Surface, terminalColours } from "../host/surface.ts";
import { shareBase } from "../report/ledger.ts";
import { arrangedMap, type ExplainedMap, type ExplainedRow } from "../rows/explained.ts";

const TERMINAL_WIDTH = 56;

export interface Drawing {
  readonly subtitle?: string;
  readonly preprocessor?: Preprocessor | undefined;
  /** How the axes of the map lie. */
  readonly arrangement?: Arrangement | undefined;
  /** What the model saw is shown too; default true. */
  readonly input?: boolean | undefined;
}

/** Throws BadInput for relevance that is no picture. */
export const drawHeatmap = (
  row: ExplainedRow,
  map: ExplainedMap,
  value: string,
  { subtitle = "", preprocessor, arrangement, input = true }: Drawing,
): Raster => {
  const plane = planeOfMap(map.relevances[value]!, arrangement);
  const seen = seenPicture(row, value, preprocessor);
  const { target, ledger, note } = map;
  const probability = target.probability === undefined ? "" : `   ${(100 * target.probability).toFixed(1)} %`;
  const explained: ExplainedPlane = {
    title: `${target.label ?? `class ${target.index}`}${probability}`,
    subtitle: note?.text ?? subtitle,
    plane,
    ...(ledger && shareBase(ledger, map) !== 0 && { share: ledger.arrived / shareBase(ledger, map) }),
  };
  return explanationPicture([explained], { input, ...(seen && { picture: seen }) });
};

/** Σ over channels; the slices of a volume are summed, too. */
export const planeOfMap = (map: FloatTensor, arrangement: Arrangement | undefined): Plane => {
  const { dims, data } = arrangedMap(map, arrangement);
  if (dims.length < 4 || arrangement?.kind !== "space") return planeOf({ dims, data });
  const sides = dims.slice(-2);
  return planeOf({ dims: [data.length / (sides[0]! * sides[1]!), ...sides], data });
};

/** What the model saw of the picture, at the picture's own resolution. */
export const seenPicture = ({ sample, index }: ExplainedRow, value: string, preprocessor?: Preprocessor): Raster | undefined => {
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
  { relevances }: ExplainedMap,
  value: string,
  arrangement: Arrangement | undefined,
  io: Surface,
): readonly string[] => {
  const map = relevances[value]!;
  if (arrangement === undefined ? map.dims.length !== 3 : arrangement.kind !== "space") return [];
  const plane = planeOfMap(map, arrangement);
  return terminalPicture(heatmap(plane, rangeOf(plane)), {
    width: Math.min(TERMINAL_WIDTH, (io.columns ?? 80) - 2),
    colors: terminalColours(io, true),
  });
};
