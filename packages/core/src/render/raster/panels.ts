/** The panels of one map: input, relevance and overlay at one size, or a chart where the map is a line. */

import type { Raster } from "../../formats/raster.ts";
import { blit, createRaster, scale } from "./canvas.ts";
import { heatmap } from "./heatmap.ts";
import { overlay } from "./overlay.ts";
import { cells, type Plane, type Range, rangeOf } from "./plane.ts";
import { strip } from "./strip.ts";

interface Panel {
  readonly name: "input" | "relevance" | "relevance over the input";
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
  readonly percentile: number | undefined;
  /** Least length of a panel's longer side. */
  readonly side: number;
  readonly cell: number;
}

/** Panels stay below this many pixels; larger maps are summed over cells. */
const LARGEST = 1200;
/** Maps longer than this many times their width, and without a picture, are stretched: a pixel need not be square there. */
const LONGEST = 4;

export const panelsOf = (map: Plane, options: PanelOptions): Panels =>
  map.width === 1 || map.height === 1 ? chart(map, options) : views(map, options);

const chart = (map: Plane, { percentile, side }: PanelOptions): Panels => {
  const plane = { width: map.values.length, height: 1, values: map.values };
  const range = rangeOf(plane, percentile);
  const width = Math.min(LARGEST, Math.max(2 * side, plane.width));
  return {
    panels: [{ name: "relevance", raster: strip(plane, range, width, Math.round(side / 2)) }],
    plane,
    range,
    unit: "value",
  };
};

/** A cell is a whole number of pixels, so all its squares are equal; ragged cells at the right and bottom are cut off where the map ends. */
const views = (map: Plane, { picture, percentile, side, cell }: PanelOptions): Panels => {
  const longer = Math.max(map.width, map.height);
  const k = Math.max(cell, Math.ceil(longer / LARGEST));
  const plane = cells(map, k);
  const range = rangeOf(plane, percentile);
  const perCell = Math.max(1, Math.ceil((side * k) / longer));
  const stretch = (n: number) => (picture ? perCell : Math.max(perCell, Math.ceil((side * k) / (LONGEST * n))));
  const [cellWidth, cellHeight] = [stretch(map.width), stretch(map.height)];
  const [fullWidth, fullHeight] = [plane.width * cellWidth, plane.height * cellHeight];
  const [width, height] = [(map.width * cellWidth) / k, (map.height * cellHeight) / k].map(Math.ceil) as [number, number];

  const relevance = cropped(scale(heatmap(plane, range), fullWidth, fullHeight, "nearest"), width, height);
  const panels: Panel[] = [{ name: "relevance", raster: relevance }];
  if (picture) {
    const input = scale(picture, width, height, picture.width < width / 3 ? "nearest" : "smooth");
    const over = cropped(overlay(cropped(input, fullWidth, fullHeight), plane, range), width, height);
    panels.unshift({ name: "input", raster: input });
    panels.push({ name: "relevance over the input", raster: over });
  }
  return { panels, plane, range, unit: k === 1 ? "pixel" : `${k}×${k} pixels` };
};

/** The top left part of that size, on white where the raster is smaller. */
const cropped = (raster: Raster, width: number, height: number): Raster => {
  if (raster.width === width && raster.height === height) return raster;
  const out = createRaster(width, height);
  blit(out, raster, 0, 0);
  return out;
};
