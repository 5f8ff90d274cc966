/** The matrices of linear interpolation against the runtime's Resize of an identity. */
import { describe, expect, test } from "vitest";
import { floats, numbers, runModel } from "../../test/support/run.ts";
import { linearWeights } from "./interpolation.ts";

const MODES = ["half_pixel", "pytorch_half_pixel", "half_pixel_symmetric", "align_corners", "asymmetric"];
const SIZES = [
  [4, 7],
  [5, 6],
  [7, 3],
  [5, 1],
  [1, 4],
] as const;

describe.each(MODES)("%s", (coordinates) => {
  test.each(SIZES)("%i to %i", async (from, to) => {
    const identity = Array.from({ length: from * from }, (_, i) => (i % (from + 1) === 0 ? 1 : 0));
    const text = `net (float[${from},${from}] x) => (float[${to},${from}] y) <int64[2] sizes = {${to},${from}}> {
      y = Resize <mode="linear", coordinate_transformation_mode="${coordinates}"> (x, "", "", sizes) }`;
    const y = numbers((await runModel(text, { x: floats([from, from], identity) })).y);
    const weights = linearWeights({ coordinates, from, to, scale: to / from })!;
    for (let i = 0; i < y.length; i++) expect(Math.abs(y[i]! - weights[i]!)).toBeLessThan(2e-6);
  });
});

test("modes that depend on more than the sizes have none", () => {
  expect(linearWeights({ coordinates: "tf_crop_and_resize", from: 3, to: 5, scale: 5 / 3 })).toBeUndefined();
});
