/** What was asked about, drawn into a picture: a detection's box, the border of a region. */
import type { Raster } from "../../formats/raster.ts";
import { INK, setPixel, WHITE } from "./canvas.ts";

/** Of the whole picture: a box as shares of its sides, or positions of a grid, counted row by row. */
export type Area =
  | { readonly box: readonly [x1: number, y1: number, x2: number, y2: number] }
  | { readonly width: number; readonly height: number; readonly positions: readonly number[] };

/** Share of a picture's longer side that a line is thick. */
const THICK = 1 / 160;

/** A dark line just inside the border and a white one just outside: one of them is seen on any ground. */
export const drawOutline = (raster: Raster, area: Area): void => {
  const { width, height } = raster;
  const inside = insideOf(area);
  const at = (x: number, y: number) => inside((x + 0.5) / width, (y + 0.5) / height);
  const reach = Math.max(1, Math.round(Math.max(width, height) * THICK));
  const cells = Uint8Array.from({ length: width * height }, (_, i) => Number(at(i % width, Math.floor(i / width))));
  const own = (x: number, y: number) => (x < 0 || y < 0 || x >= width || y >= height ? 0 : cells[y * width + x]!);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const here = own(x, y);
      const differs = [own(x - reach, y), own(x + reach, y), own(x, y - reach), own(x, y + reach)].some(
        (there) => there !== here,
      );
      if (differs) setPixel(raster, x, y, here === 1 ? INK : WHITE);
    }
};

const insideOf = (area: Area): ((u: number, v: number) => boolean) => {
  if ("box" in area) {
    const [x1, y1, x2, y2] = area.box;
    return (u, v) => u >= x1 && u <= x2 && v >= y1 && v <= y2;
  }
  const { width, height, positions } = area;
  const cells = new Set(positions);
  return (u, v) => cells.has(Math.floor(v * height) * width + Math.floor(u * width));
};
