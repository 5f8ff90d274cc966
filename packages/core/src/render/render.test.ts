import { describe, expect, test } from "vitest";
import {
  cells,
  colorAt,
  createRaster,
  diverging,
  figureRaster,
  fromPixels,
  grid,
  heatmap,
  overlay,
  type Plane,
  percent,
  percentAtEnd,
  pictureFigure,
  planeOf,
  rangeOf,
  sequential,
  strip,
  terminalPicture,
} from "./index.ts";

const plane = (values: readonly number[], width = values.length, height = 1): Plane => ({
  width,
  height,
  values: Float32Array.from(values),
});
const pixel = ({ data, width }: { data: Uint8Array; width: number }, x: number, y: number) => [
  ...data.subarray(4 * (y * width + x), 4 * (y * width + x) + 3),
];

describe("planes", () => {
  test("sum over channels, in either layout", () => {
    const first = planeOf({ dims: [2, 1, 3], data: Float32Array.of(1, 2, 3, 10, 20, 30) });
    expect([first.width, first.height, ...first.values]).toEqual([3, 1, 11, 22, 33]);
    const last = planeOf({ dims: [1, 3, 2], data: Float32Array.of(1, 10, 2, 20, 3, 30) }, "nhwc");
    expect([...last.values]).toEqual([11, 22, 33]);
    expect(() => planeOf({ dims: [1, 2, 3, 4], data: new Float32Array(24) })).toThrow("1×2×3×4");
  });

  test("cells keep the sum, also at ragged edges", () => {
    const { width, height, values } = cells(plane([1, 2, 3, 4, 5, 6, 7, 8, 9], 3, 3), 2);
    expect([width, height, ...values]).toEqual([2, 2, 12, 9, 15, 9]);
  });

  test("the range is symmetric, ends at a percentile and survives zeros and NaN", () => {
    const hot = plane([...Array.from({ length: 999 }, () => 0.5), 100]);
    expect(rangeOf(hot)).toEqual({ limit: 0.5, signed: false, invalid: 0 });
    expect(rangeOf(hot, 100).limit).toBe(100);
    expect(rangeOf(plane([-3, 1]), 100)).toEqual({ limit: 3, signed: true, invalid: 0 });
    expect(rangeOf(plane([0, 0, 0, 7])).limit).toBe(7);
    expect(rangeOf(plane([0, 0]))).toEqual({ limit: 0, signed: false, invalid: 0 });
    expect(rangeOf(plane([Number.NaN, 2, Number.POSITIVE_INFINITY]), 100)).toEqual({ limit: 2, signed: false, invalid: 2 });
  });
});

describe("heatmaps", () => {
  test("zero is the neutral colour, the ends are the map's ends", () => {
    const map = plane([-4, 0, 4]);
    const raster = heatmap(map, rangeOf(map, 100));
    expect([0, 1, 2].map((x) => pixel(raster, x, 0))).toEqual([-1, 0, 1].map((t) => [...colorAt(diverging, t)]));
  });

  test("a map without negative values is sequential, a constant one is neutral, NaN is grey", () => {
    const positive = plane([0, 2]);
    expect(pixel(heatmap(positive, rangeOf(positive)), 1, 0)).toEqual([...colorAt(sequential, 1)]);
    const zeros = plane([0, 0]);
    expect(pixel(heatmap(zeros, rangeOf(zeros)), 0, 0)).toEqual([...colorAt(sequential, 0)]);
    const broken = plane([Number.NaN, 1]);
    expect(pixel(heatmap(broken, rangeOf(broken)), 0, 0)).toEqual([...colorAt(diverging, Number.NaN)]);
  });

  test("the overlay is grey without relevance and red with it", () => {
    const map = plane([0, 1], 2, 1);
    const [r, g, b] = pixel(overlay(createRaster(2, 1, [10, 200, 30]), map, rangeOf(map, 100)), 0, 0);
    expect([g, b]).toEqual([r, r]);
    const hot = pixel(overlay(createRaster(2, 1), map, rangeOf(map, 100)), 1, 0);
    expect(hot[0]!).toBeGreaterThan(hot[2]! + 60);
  });
});

describe("legend", () => {
  test("ends in per cent of Σ|R|", () => {
    const map = plane([-1, 3, 4]);
    expect(percentAtEnd(map, rangeOf(map, 100))).toBe(50);
    expect(percentAtEnd(plane([0]), rangeOf(plane([0])))).toBe(0);
  });

  test("numbers keep three digits without an exponent", () => {
    expect([12.345, 0.0214, 0.00001234, 0, 100].map(percent)).toEqual(["12.3 %", "0.0214 %", "0.0000123 %", "0 %", "100 %"]);
  });
});

describe("pictures", () => {
  test("small inputs are enlarged in whole squares, and the picture lies beside them", () => {
    const map = plane(
      Array.from({ length: 784 }, (_, i) => Math.sin(i)),
      28,
      28,
    );
    const picture = fromPixels({ width: 28, height: 28, channels: 1, data: new Uint8Array(784).fill(99) });
    const alone = figureRaster(pictureFigure([{ title: "3", plane: map }]));
    const beside = figureRaster(pictureFigure([{ title: "3", plane: map }], { picture, share: 0.9 }));
    expect(alone.width).toBeGreaterThanOrEqual(420);
    expect(beside.width).toBeGreaterThan(3 * 420);
    const [a, b] = [
      pictureFigure([{ title: "a", plane: map }]),
      pictureFigure(["a", "b"].map((title) => ({ title, plane: map }))),
    ];
    expect(b.width).toBeGreaterThan(1.8 * a.width);
  });

  test("a signal becomes a chart", () => {
    const map = plane([-1, 2, 0]);
    const chart = strip(map, rangeOf(map, 100), 30, 41);
    expect(pixel(chart, 15, 5)).not.toEqual([255, 255, 255]); // up
    expect(pixel(chart, 5, 28)).not.toEqual([255, 255, 255]); // down
    expect(pixel(chart, 25, 5)).toEqual([255, 255, 255]);
    expect(pictureFigure([{ title: "series", plane: map }]).width).toBeGreaterThan(400);
  });

  test("a grid places panels by row and column", () => {
    const dot = createRaster(10, 10, [1, 2, 3]);
    const out = grid(
      [
        [dot, undefined],
        [undefined, dot],
      ],
      { gap: 4 },
    );
    expect(pixel(out, 0, 0)).toEqual([1, 2, 3]);
    expect(pixel(out, out.width - 1, out.height - 5)).toEqual([1, 2, 3]);
    expect(pixel(out, out.width - 1, 0)).toEqual([255, 255, 255]);
  });
});

describe("terminal", () => {
  const raster = createRaster(8, 8, [255, 0, 0]);

  test("two pixels a character, in the colours the terminal has", () => {
    const lines = terminalPicture(raster, { width: 80, colors: "truecolor" });
    expect(lines).toHaveLength(4);
    expect(lines[0]!.match(/▀/g)).toHaveLength(8);
    expect(lines[0]).toContain("38;2;255;0;0");
    expect(terminalPicture(raster, { width: 80, colors: "256" })[0]).toContain("38;5;196");
    expect(terminalPicture(createRaster(8, 8, [0, 0, 0]), { width: 4, colors: "none" })).toEqual(["@@@@", "@@@@"]);
  });
});
