/** The picture `backlit explain --heatmap` writes: input, relevance and overlay side by side, titled, with a legend in numbers. */

import type { Raster } from "../../formats/raster.ts";
import { blit, createRaster, frame, MUTED, pad, stack } from "./canvas.ts";
import { grid } from "./grid.ts";
import { legend } from "./legend.ts";
import { type PanelOptions, panelsOf } from "./panels.ts";
import type { Plane } from "./plane.ts";
import { drawText, fitText } from "./text.ts";

export interface ExplainedPlane {
  /** "tiger cat  38.8 %" */
  readonly title: string;
  /** "gamma-depth, seed log-odds" */
  readonly subtitle?: string;
  readonly plane: Plane;
  /** Σ R at the input over the seed. */
  readonly share?: number;
}

export interface PictureOptions {
  /** What the model saw, in any size: it is stretched over the plane. */
  readonly picture?: Raster;
  /** Default true; false leaves its panel out, where another picture beside this one shows it. */
  readonly input?: boolean;
  /** Percentile of |R| where the colours end. */
  readonly percentile?: number;
  /** Least side of a panel in pixels; panels are whole multiples of the plane's size. Default 420. */
  readonly side?: number;
  /** Sum over cells of this many pixels a side, for maps that are noisy from pixel to pixel. Default 1. */
  readonly cell?: number;
}

const MARGIN = 28;
const GAP = 20;
const SIZE = 22;

/** A legend needs some room however narrow the map, and gains nothing by more. */
const [NARROWEST, WIDEST_BAR] = [340, 640];

/** One row of panels per map. Small inputs are enlarged as squares, never smoothed; lines become charts. */
export const explanationPicture = (
  maps: readonly ExplainedPlane[],
  { picture, input = true, percentile, side = 420, cell = 1 }: PictureOptions = {},
): Raster =>
  pad(
    stack(
      maps.map((map) => row(map, { picture, percentile, side, cell }, input)),
      2 * GAP,
    ),
    MARGIN,
  );

const row = ({ title, subtitle, plane: map, share }: ExplainedPlane, options: PanelOptions, input: boolean): Raster => {
  const { panels: all, plane, range, unit } = panelsOf(map, options);
  const panels = all.filter(({ name }) => input || name !== "input");
  const framed = panels.map(({ raster }) => {
    const out = createRaster(raster.width + 2, raster.height + 2);
    blit(out, raster, 1, 1);
    frame(out, 1, 1, raster.width, raster.height);
    return out;
  });
  const shown = grid([framed], { columns: panels.map(({ name }) => name), gap: GAP, size: SIZE });
  const under = panels.findIndex(({ name }) => name === "relevance"); // the legend stands below the map it explains
  const bar = legend(plane, range, {
    width: Math.max(NARROWEST, Math.min(WIDEST_BAR, framed[under]!.width)),
    size: SIZE - 2,
    unit,
    ...(share !== undefined && { share }),
  });
  const left = under * (framed[0]!.width + GAP);
  const width = Math.max(shown.width, left + bar.width);
  const above = stack([heading(title, subtitle, width), shown], 10);
  const out = createRaster(width, above.height + GAP + bar.height);
  blit(out, above, 0, 0);
  blit(out, bar, left, above.height + GAP);
  return out;
};

const heading = (title: string, subtitle: string | undefined, width: number): Raster => {
  const big = { size: 32, bold: true };
  const small = { size: SIZE, color: MUTED };
  const raster = createRaster(width, subtitle ? 74 : 44);
  drawText(raster, fitText(title, width, big), 0, 0, big);
  if (subtitle) drawText(raster, fitText(subtitle, width, small), 0, 42, small);
  return raster;
};
