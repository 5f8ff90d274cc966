/** Several rasters in rows and columns, each row and column with a label. */

import type { Raster } from "../../formats/raster.ts";
import { maxOf } from "../../numeric/extremes.ts";
import { blit, createRaster, INK, MUTED } from "./canvas.ts";
import { drawText, fitText, textWidth } from "./text.ts";

export interface GridOptions {
  readonly columns?: readonly string[];
  readonly rows?: readonly string[];
  readonly gap?: number;
  /** Height of a line of text. */
  readonly size?: number;
}

/** `panels[row][column]`; missing panels leave a hole. Columns are as wide as their widest panel, rows as tall as their tallest. */
export const grid = (
  panels: readonly (readonly (Raster | undefined)[])[],
  { columns = [], rows = [], gap = 16, size = 18 }: GridOptions = {},
): Raster => {
  const count = maxOf(
    panels.map((row) => row.length),
    0,
  );
  const widths = Array.from({ length: count }, (_, c) =>
    maxOf(
      panels.map((row) => row[c]?.width ?? 0),
      0,
    ),
  );
  const heights = panels.map((row) =>
    maxOf(
      row.map((panel) => panel?.height ?? 0),
      0,
    ),
  );
  const line = Math.round(size * 1.4);
  const [head, label] = [columns.length ? line : 0, rows.length ? line : 0];
  const sum = (sizes: readonly number[]) => sizes.reduce((a, b) => a + b, 0) + gap * Math.max(0, sizes.length - 1);
  const raster = createRaster(sum(widths), head + sum(heights.map((h) => h + label)));
  const x = (c: number) => sum(widths.slice(0, c)) + (c > 0 ? gap : 0);
  columns.forEach((text, c) => {
    const short = fitText(text, widths[c] ?? 0, { size });
    drawText(raster, short, x(c) + Math.max(0, Math.round(((widths[c] ?? 0) - textWidth(short, { size })) / 2)), 0, {
      size,
      color: MUTED,
    });
  });
  let y = head;
  panels.forEach((row, r) => {
    if (rows[r]) drawText(raster, fitText(rows[r], raster.width, { size, bold: true }), 0, y, { size, bold: true, color: INK });
    row.forEach((panel, c) => {
      if (panel) blit(raster, panel, x(c), y + label);
    });
    y += heights[r]! + label + gap;
  });
  return raster;
};
