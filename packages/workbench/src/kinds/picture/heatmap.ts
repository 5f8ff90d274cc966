/** Heatmaps as pictures: PNG files, and lines for the terminal. */

import {
  type Arrangement,
  coloursOf,
  cropPixels,
  depreprocess,
  type FloatTensor,
  fromPixels,
  type Geometry,
  heatmap,
  type PictureMap,
  type PictureOptions,
  type Pixels,
  type Plane,
  type Preprocessor,
  planeOf,
  type Raster,
  seenRectangle,
  shownPlane,
  shownRange,
  terminalPicture,
} from "@backlit/core";
import { type Surface, terminalColours } from "../../host/surface.ts";
import { shareBase } from "../../report/ledger.ts";
import { arrangedMap, type ExplainedMap, type ExplainedRow } from "../../rows/explained.ts";
import { sidesOf } from "../../views/sides.ts";
import type { ViewContext } from "../../views/view.ts";

const TERMINAL_WIDTH = 56;

/** What is drawn of one map. Throws BadInput for relevance that is no picture. */
export const pictureOf = (row: ExplainedRow, map: ExplainedMap, value: string, context: ViewContext) => {
  const { preprocessor, drawing, look = {}, visits, ledger: told } = context;
  const { target, ledger, note } = map;
  const plane = planeOfMap(map.relevances[value]!, drawing?.[value]);
  const share = told && ledger && shareBase(ledger, map) !== 0 ? ledger.arrived / shareBase(ledger, map) : undefined;
  const whole = look.on === "original" ? wholePicture(row) : undefined;
  return {
    map: {
      ...(note && { subtitle: note.text }),
      plane,
      ...areaOf(map, plane),
    } satisfies Omit<PictureMap, "title">,
    options: {
      ...(whole ?? { picture: seenPicture(row, value, preprocessor) }),
      look,
      sides: sidesOf(target),
      visits: visits?.[value],
      share,
    } satisfies PictureOptions,
  };
};

/** A region or pixel as it stands; a box in shares of the input's sides. */
const areaOf = ({ area, found }: ExplainedMap, { width, height }: Plane): Pick<PictureMap, "area"> => {
  if (area !== undefined) return { area };
  const box = found?.box;
  if (!Array.isArray(box) || box.length !== 4) return {};
  return { area: { box: boxInShares(box as unknown as Corners, { width, height }) } };
};

type Corners = readonly [number, number, number, number];

/** x1, y1, x2, y2 in shares of the input's sides: as DETR gives them, or counted in its pixels. */
export const boxInShares = (box: Corners, { width, height }: Pick<Plane, "width" | "height">): Corners => {
  const [x1, y1, x2, y2] = box;
  const shares = box.every((one) => Math.abs(one) <= 2);
  return shares ? box : [x1 / width, y1 / height, x2 / width, y2 / height];
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

/** All of the picture, and where the map lies on it. */
const wholePicture = ({ sample: { picture } }: ExplainedRow): Pick<PictureOptions, "picture" | "seen"> | undefined =>
  picture && { picture: fromPixels(picture.pixels), seen: seenRectangle(picture.geometry) };

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
export const drawTerminal = (map: ExplainedMap, context: ViewContext, io: Surface): readonly string[] => {
  const value = context.explained[0]!;
  const arrangement = context.drawing?.[value];
  if (arrangement === undefined ? map.relevances[value]!.dims.length !== 3 : arrangement.kind !== "space") return [];
  const { look = {} } = context;
  const { plane } = shownPlane(planeOfMap(map.relevances[value]!, arrangement), look, context.visits?.[value]);
  const range = shownRange(plane, look);
  return terminalPicture(heatmap(plane, range, coloursOf(look, range)), {
    width: Math.min(TERMINAL_WIDTH, (io.columns ?? 80) - 2),
    colors: terminalColours(io, true),
  });
};
