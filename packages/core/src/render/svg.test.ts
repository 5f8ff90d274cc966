/** Which colour a number has in a drawing, and that colours go there and back. */
import { expect, test } from "vitest";
import { hexHtml } from "./hex-views.ts";
import { linearFromOklab, linearFromRgb, oklabFromRgb, type Rgb, rgbFromLinear } from "./oklab.ts";
import { valueClass } from "./svg.ts";

test.each([
  [1, 1, "bl-p8"],
  [5, 1, "bl-p8"],
  [-1, 1, "bl-n8"],
  [-Number.MAX_VALUE, 1, "bl-n8"],
  [0.07, 1, "bl-p1"],
  [0.06, 1, "bl-zero"],
  [0, 1, "bl-zero"],
  [1, 0, "bl-zero"],
  [Number.NaN, 1, "bl-zero"],
  [Number.POSITIVE_INFINITY, 1, "bl-zero"],
  [1, Number.NaN, "bl-zero"],
])("%d of %d is %s", (value, limit, name) => expect(valueClass(value, limit)).toBe(name));

test("every grey, and every corner of the cube, comes back from linear light and from OKLab", () => {
  const greys = Array.from({ length: 256 }, (_, i): Rgb => [i, i, i]);
  const corners = [0, 1, 2, 3, 4, 5, 6, 7].map((bits): Rgb => [(bits & 1) * 255, ((bits >> 1) & 1) * 255, (bits >> 2) * 255]);
  for (const rgb of [...greys, ...corners]) {
    expect(rgbFromLinear(linearFromRgb(rgb))).toEqual(rgb);
    expect(rgbFromLinear(linearFromOklab(oklabFromRgb(rgb)))).toEqual(rgb);
  }
  const light = greys.map((rgb) => linearFromRgb(rgb)[0]);
  expect([light[0], light[255]]).toEqual([0, 1]);
  for (let i = 1; i < 256; i++) expect(light[i]).toBeGreaterThan(light[i - 1]!);
});

test("the letters of a hex dump stand below each other, however short the last row is", () => {
  for (const count of [1, 7, 8, 9, 15, 16]) {
    const rowOf = (at: number, cells: number) => ({
      kind: "row" as const,
      at,
      cells: Array.from({ length: cells }, () => ({ byte: 0x41, value: 0.5 })),
    });
    const lines = hexHtml([rowOf(0, 16), rowOf(16, count)])
      .replace(/<[^>]*>/g, "")
      .split("\n");
    expect(lines.map((line) => line.indexOf("A"))).toEqual(lines.map(() => lines[0]!.length - 16));
  }
});
