import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { blendPixel, blit, createRaster, fillRect, fromPixels, getPixel, scale, setPixel } from "./canvas.ts";

const speckled = (width: number, height: number) => {
  const raster = createRaster(width, height);
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) setPixel(raster, x, y, [(x * 37) % 256, (y * 53) % 256, 9]);
  return raster;
};

describe("canvas", () => {
  it("clips fills and copies, wherever they lie", () => {
    fc.assert(
      fc.property(fc.integer({ min: -9, max: 9 }), fc.integer({ min: -9, max: 9 }), (x, y) => {
        const source = speckled(5, 4);
        const target = createRaster(7, 6, [1, 2, 3]);
        blit(target, source, x, y);
        for (let row = 0; row < 6; row++) {
          for (let column = 0; column < 7; column++) {
            const [sx, sy] = [column - x, row - y];
            const inside = sx >= 0 && sy >= 0 && sx < 5 && sy < 4;
            expect(getPixel(target, column, row)).toEqual(inside ? getPixel(source, sx, sy) : [1, 2, 3]);
          }
        }
        fillRect(target, x, y, 3, 3, [0, 0, 0]);
      }),
    );
  });
  it("blends by opacity", () => {
    const raster = createRaster(1, 1, [0, 100, 200]);
    blendPixel(raster, 0, 0, [100, 100, 100], 0.25);
    expect(getPixel(raster, 0, 0)).toEqual([25, 100, 175]);
    blendPixel(raster, 3, 3, [0, 0, 0], 1);
    expect(getPixel(raster, 0, 0)).toEqual([25, 100, 175]);
  });
  it("scales by squares, and smoothly", () => {
    const raster = speckled(3, 2);
    const big = scale(raster, 9, 6, "nearest");
    for (let y = 0; y < 6; y++)
      for (let x = 0; x < 9; x++) expect(getPixel(big, x, y)).toEqual(getPixel(raster, (x / 3) | 0, (y / 3) | 0));
    const checks = createRaster(2, 1, [0, 0, 0]);
    setPixel(checks, 1, 0, [200, 200, 200]);
    expect(getPixel(scale(checks, 1, 1, "smooth"), 0, 0)).toEqual([100, 100, 100]);
  });
  it("reads grey and transparent pictures", () => {
    expect(getPixel(fromPixels({ width: 1, height: 1, channels: 1, data: Uint8Array.of(7) }), 0, 0)).toEqual([7, 7, 7]);
    expect(getPixel(fromPixels({ width: 1, height: 1, channels: 4, data: Uint8Array.of(9, 9, 9, 0) }), 0, 0)).toEqual([
      255, 255, 255,
    ]);
  });
});
