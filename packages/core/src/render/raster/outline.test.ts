import { expect, test } from "vitest";
import { createRaster, getPixel, INK, WHITE } from "./canvas.ts";
import { type Area, drawOutline } from "./outline.ts";

const GREY = [120, 120, 120] as const;
const drawn = (area: Area) => {
  const raster = createRaster(40, 40, [...GREY]);
  drawOutline(raster, area);
  return (x: number, y: number) => getPixel(raster, x, y).join();
};

test.each<[string, Area]>([
  ["a box", { box: [0.25, 0.25, 0.75, 0.75] }],
  ["a region", { width: 4, height: 4, positions: [5, 6, 9, 10] }],
])("%s: dark inside its border, white outside, the rest as it was", (_, area) => {
  const at = drawn(area);
  for (const k of [10, 29]) {
    expect(at(k, 20)).toBe(INK.join());
    expect(at(20, k)).toBe(INK.join());
  }
  for (const k of [9, 30]) expect(at(k, 20)).toBe(WHITE.join());
  for (const [x, y] of [
    [20, 20],
    [3, 3],
    [12, 20],
  ] as const)
    expect(at(x, y)).toBe(GREY.join());
});
