/** The picture `backlit explain --heatmap` writes: input, relevance and overlay side by side, titled, with a legend in numbers. */
import { blit, createRaster, frame, MUTED, pad, type Raster, scale, stack } from "./canvas.ts";
import { grid } from "./grid.ts";
import { heatmap } from "./heatmap.ts";
import { legend } from "./legend.ts";
import { overlay } from "./overlay.ts";
import { type Plane, rangeOf } from "./plane.ts";
import { strip } from "./strip.ts";
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
  /** Percentile of |R| where the colours end. */
  readonly percentile?: number;
  /** Least side of a panel in pixels; panels are whole multiples of the plane's size. Default 420. */
  readonly side?: number;
}

const MARGIN = 28;
const GAP = 20;
const SIZE = 22;

/** One row of panels per map. Small inputs are enlarged as squares, never smoothed. */
export const explanationPicture = (
  maps: readonly ExplainedPlane[],
  { picture, percentile, side = 420 }: PictureOptions = {},
): Raster =>
  pad(
    stack(
      maps.map((map) => row(map, picture, percentile, side)),
      2 * GAP,
    ),
    MARGIN,
  );

const row = (
  { title, subtitle, plane, share }: ExplainedPlane,
  picture: Raster | undefined,
  percentile: number | undefined,
  side: number,
): Raster => {
  const range = rangeOf(plane, percentile);
  const factor = Math.max(1, Math.ceil(side / Math.max(plane.width, plane.height)));
  const [width, height] = [plane.width * factor, plane.height * factor];
  const panels: { name: string; raster: Raster }[] = [];
  if (plane.height === 1)
    panels.push({ name: "relevance", raster: strip(plane, range, Math.max(2 * side, plane.width), Math.round(side / 2)) });
  else {
    const map = scale(heatmap(plane, range), width, height, "nearest");
    if (picture)
      panels.push({ name: "input", raster: scale(picture, width, height, picture.width < width / 3 ? "nearest" : "smooth") });
    panels.push({ name: "relevance", raster: map });
    if (picture) panels.push({ name: "relevance over the input", raster: overlay(panels[0]!.raster, plane, range) });
  }
  const framed = panels.map(({ raster }) => {
    const out = createRaster(raster.width + 2, raster.height + 2);
    blit(out, raster, 1, 1);
    frame(out, 1, 1, raster.width, raster.height);
    return out;
  });
  const shown = grid([framed], { columns: panels.map(({ name }) => name), gap: GAP, size: SIZE });
  const bar = legend(plane, range, {
    width: Math.min(Math.max(width, 340), shown.width),
    size: SIZE - 2,
    ...(share !== undefined && { share }),
  });
  const total = stack([heading(title, subtitle, shown.width), shown, createRaster(1, GAP)], 10);
  const out = createRaster(total.width, total.height + bar.height);
  blit(out, total, 0, 0);
  // Under the heatmap, which it explains.
  const under = panels.findIndex(({ name }) => name === "relevance");
  blit(out, bar, Math.min(out.width - bar.width, under * (framed[0]!.width + GAP)), total.height);
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
