/** The panels of one map, of one size: input, relevance, relevance over the input, or one of them; a chart where the map is a line. */

import type { Raster } from "../../formats/raster.ts";
import { colorAt } from "../colour/colormap.ts";
import { groundOf } from "../figure/tones.ts";
import { coloursOf, isDark, type Look } from "../look.ts";
import { blit, createRaster, frame, INK, scale, WHITE } from "../raster/canvas.ts";
import { heatmap } from "../raster/heatmap.ts";
import { type Box, masked, overlay } from "../raster/overlay.ts";
import { cells, type Plane, type Range, rangeOf } from "../raster/plane.ts";
import { strip } from "../raster/strip.ts";
import { cellOf, LARGEST } from "./shown.ts";

interface Panel {
  readonly name: "input" | "relevance" | "relevance over the input" | "what speaks for it";
  readonly raster: Raster;
}

export interface Panels {
  readonly panels: readonly Panel[];
  /** The values shown, after they were summed over cells. */
  readonly plane: Plane;
  readonly range: Range;
  /** What one of the values is: "pixel", "16×16 pixels", "value". */
  readonly unit: string;
}

export interface PanelOptions {
  readonly picture: Raster | undefined;
  /** Where the map lies on the picture, in its pixels; default: on all of it. */
  readonly seen?: Box | undefined;
  readonly look?: Look;
  /** Default: the map's own. */
  readonly range?: Range | undefined;
  /** Least length of a panel's longer side. */
  readonly side: number;
  readonly cell: number;
}

/** Maps longer than this many times their width, and without a picture, are stretched: a pixel need not be square there. */
const LONGEST = 4;

export const panelsOf = (map: Plane, options: PanelOptions): Panels =>
  map.width === 1 || map.height === 1 ? chart(map, options) : views(map, options);

const chart = (map: Plane, { look = {}, range: given, side }: PanelOptions): Panels => {
  const plane = { width: map.values.length, height: 1, values: map.values };
  const range = given ?? rangeOf(plane, look.clip);
  const width = Math.min(LARGEST, Math.max(2 * side, plane.width));
  return {
    panels: [{ name: "relevance", raster: strip(plane, range, width, Math.round(side / 2)) }],
    plane,
    range,
    unit: "value",
  };
};

/** Pixels of a panel, and where the map lies on it. */
interface Sheet {
  readonly width: number;
  readonly height: number;
  /** May end beyond the panel: the last cells are cut where the map ends. */
  readonly map: Box;
}

const views = (map: Plane, options: PanelOptions): Panels => {
  const { picture, look = {}, cell } = options;
  const k = cellOf(map, cell);
  const plane = cells(map, k);
  const range = options.range ?? rangeOf(plane, look.clip);
  const colors = coloursOf(look, range);
  const whole = picture !== undefined && options.seen !== undefined;
  const sheet = whole ? onWhole(plane, picture, options) : onCrop(map, plane, k, options);
  const { width, height, map: box } = sheet;
  const relevance = (): Raster => {
    const out = createRaster(width, height, colorAt(colors, 0));
    const [wide, high] = [Math.round(box.width), Math.round(box.height)];
    blit(out, scale(heatmap(plane, range, colors), wide, high, "nearest"), Math.round(box.x), Math.round(box.y));
    return whole ? outlined(out, box, colors.name.endsWith("dark") ? WHITE : INK) : out;
  };
  const style = picture === undefined ? "map" : (look.style ?? "panels");
  if (style === "map") return { panels: [{ name: "relevance", raster: relevance() }], plane, range, unit: unitOf(k) };
  const input = scale(picture!, width, height, picture!.width < width / 3 ? "nearest" : "smooth");
  const over = (): Panel => ({
    name: "relevance over the input",
    raster: outlinedIf(
      whole,
      overlay(input, plane, range, { colors, box, ...(look.alpha !== undefined && { alpha: look.alpha }) }),
      box,
    ),
  });
  const panels: readonly Panel[] =
    style === "overlay"
      ? [over()]
      : style === "masked"
        ? [{ name: "what speaks for it", raster: masked(input, plane, range, { box, ground: groundOf(isDark(look)) }) }]
        : [{ name: "input", raster: outlinedIf(whole, input, box) }, { name: "relevance", raster: relevance() }, over()];
  return { panels, plane, range, unit: unitOf(k) };
};

const unitOf = (k: number): string => (k === 1 ? "pixel" : `${k}×${k} pixels`);

/** A cell is a whole number of pixels, so all its squares are equal; ragged cells at the right and bottom are cut off where the map ends. */
const onCrop = (map: Plane, plane: Plane, k: number, { picture, side }: PanelOptions): Sheet => {
  const longer = Math.max(map.width, map.height);
  const perCell = Math.max(1, Math.ceil((side * k) / longer));
  const stretch = (n: number) => (picture ? perCell : Math.max(perCell, Math.ceil((side * k) / (LONGEST * n))));
  const [cellWidth, cellHeight] = [stretch(map.width), stretch(map.height)];
  return {
    width: Math.ceil((map.width * cellWidth) / k),
    height: Math.ceil((map.height * cellHeight) / k),
    map: { x: 0, y: 0, width: plane.width * cellWidth, height: plane.height * cellHeight },
  };
};

/** The whole picture; what the model saw of it is a part, and the map lies there. */
const onWhole = (plane: Plane, picture: Raster, { seen, side }: PanelOptions): Sheet => {
  const { x, y, width, height } = seen!;
  const longer = Math.max(picture.width, picture.height);
  const fine = (plane.width * Math.max(1, Math.ceil(side / plane.width))) / width;
  const part = Math.min(Math.max(fine, side / longer), LARGEST / longer);
  return {
    width: Math.max(1, Math.round(picture.width * part)),
    height: Math.max(1, Math.round(picture.height * part)),
    map: { x: x * part, y: y * part, width: width * part, height: height * part },
  };
};

const outlined = (raster: Raster, { x, y, width, height }: Box, color: typeof INK): Raster => {
  frame(raster, Math.round(x) + 1, Math.round(y) + 1, Math.round(width) - 2, Math.round(height) - 2, color);
  return raster;
};

const outlinedIf = (whole: boolean, raster: Raster, box: Box): Raster => (whole ? outlined(raster, box, WHITE) : raster);
