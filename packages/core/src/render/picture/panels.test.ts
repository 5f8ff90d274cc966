import { describe, expect, it } from "vitest";
import { colorAt, diverging } from "../colour/colormap.ts";
import { percent } from "../percent.ts";
import { createRaster, getPixel } from "../raster/canvas.ts";
import { cells, type Plane, rangeOf } from "../raster/plane.ts";
import { captions, endLabels } from "./legend.ts";
import { panelsOf } from "./panels.ts";

const plane = (width: number, height: number, value: (x: number, y: number) => number): Plane => ({
  width,
  height,
  values: Float32Array.from({ length: width * height }, (_, i) => value(i % width, Math.floor(i / width))),
});
const options = { picture: undefined, look: { clip: 100 }, side: 280, cell: 1 };
const sizes = (panels: ReturnType<typeof panelsOf>) => panels.panels.map(({ raster }) => [raster.width, raster.height]);

describe("panels", () => {
  it("are of one size, beside a picture of any size", () => {
    const picture = createRaster(640, 480, [10, 20, 30]);
    const shown = panelsOf(
      plane(40, 30, (x) => x - 20),
      { ...options, picture },
    );
    expect(shown.panels.map(({ name }) => name)).toEqual(["input", "relevance", "relevance over the input"]);
    expect(sizes(shown)).toEqual([
      [280, 210],
      [280, 210],
      [280, 210],
    ]);
  });

  it("place a pixel's cell where the pixel lies in the picture, ragged cells too", () => {
    // One hot pixel in the last, ragged cell: 10 pixels in cells of 4 end in a cell half as wide.
    const map = plane(10, 10, (x, y) => (x === 9 && y === 9 ? -1 : x === 0 && y === 0 ? 1 : 0));
    const { panels, unit, plane: shown } = panelsOf(map, { ...options, picture: createRaster(10, 10), cell: 4 });
    expect([shown.width, unit]).toEqual([3, "4×4 pixels"]);
    const { raster } = panels[1]!;
    const at = (fraction: number) => getPixel(raster, Math.floor(fraction * raster.width), Math.floor(fraction * raster.height));
    expect([at(0.39), at(0.41), at(0.79), at(0.81), at(0.99)]).toEqual([1, 0, 0, -1, -1].map((t) => colorAt(diverging, t)));
    const [r, , b] = getPixel(panels[2]!.raster, raster.width - 1, raster.height - 1);
    expect(b).toBeGreaterThan(r);
  });

  it("of a line are a chart, whichever way it lies", () => {
    const row = panelsOf(
      plane(300, 1, (x) => Math.sin(x)),
      options,
    );
    const column = panelsOf(
      plane(1, 300, (_, y) => Math.sin(y)),
      options,
    );
    expect(sizes(column)).toEqual([[560, 140]]);
    expect(column.panels).toEqual(row.panels);
    expect(column.unit).toBe("value");
  });

  it("of long narrow maps are stretched until they can be read", () => {
    const [[width, height]] = sizes(panelsOf(plane(1000, 6, Math.sin), options)) as [[number, number]];
    expect(width).toBe(1000);
    expect(height).toBeGreaterThanOrEqual(70);
    expect(height % 6).toBe(0);
  });

  it("of huge maps are summed over cells, and say so", () => {
    const shown = panelsOf(
      plane(3000, 300, () => 1),
      { ...options, picture: createRaster(30, 3) },
    );
    expect(shown.unit).toBe("3×3 pixels");
    expect(shown.plane.values.every((v) => v === 9)).toBe(true);
    expect(sizes(shown)[1]).toEqual([1000, 100]);
  });

  it("survive maps that are constant or no numbers at all", () => {
    for (const value of [0, 3, -3, Number.NaN, Number.NEGATIVE_INFINITY])
      expect(
        sizes(
          panelsOf(
            plane(5, 4, () => value),
            { ...options, picture: createRaster(5, 4) },
          ),
        ),
      ).toHaveLength(3);
    const nothing = plane(5, 4, () => Number.NaN);
    expect(endLabels([nothing], rangeOf(nothing))).toEqual(["0", "", "0 %"]);
  });

  it("refuse cells that are none", () => {
    for (const k of [0, -1, 1.5, Number.NaN])
      expect(() =>
        cells(
          plane(2, 2, () => 1),
          k,
        ),
      ).toThrow("no cells of");
  });
});

describe("the legend's words", () => {
  const map = plane(10, 1, (x) => (x === 0 ? 91 : x === 1 ? -1 : 1));
  it("mark the end beyond which values lie", () => {
    expect(endLabels([map], { limit: 10, signed: true, invalid: 0 })).toEqual(["−10.0 %", "0", "≥ +10.0 %"]);
    expect(endLabels([map], { limit: 0.5, signed: true, invalid: 0 })).toEqual(["≤ −0.500 %", "0", "≥ +0.500 %"]);
    expect(endLabels([map], rangeOf(map, 100))).toEqual(["−91.0 %", "0", "+91.0 %"]);
    expect(endLabels([map, map], rangeOf(map, 100))).toEqual(["−91", "0", "+91"]);
  });
  it("name the unit, and what several maps share", () => {
    const range = { limit: 1, signed: true, invalid: 0 };
    expect(captions(range, "pixel")).toEqual(["share of Σ|R| per pixel"]);
    expect(captions(range, "value", true)).toEqual(["relevance per value, one scale"]);
    expect(captions({ limit: 0, signed: false, invalid: 1 }, "pixel")).toEqual([
      "relevance is zero everywhere",
      "1 value is no number (grey)",
    ]);
  });
  it("write very small, negative and missing numbers honestly", () => {
    expect([1.5e-9, -0.02, Number.NaN].map(percent)).toEqual(["1.50e−9 %", "−0.0200 %", "? %"]);
  });
});
