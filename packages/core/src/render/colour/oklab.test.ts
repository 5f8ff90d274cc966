/** Colours go to linear light and to OKLab, and come back. */
import { expect, test } from "vitest";
import { linearFromOklab, linearFromRgb, oklabFromRgb, type Rgb, rgbFromLinear } from "./oklab.ts";

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
