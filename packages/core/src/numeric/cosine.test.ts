import { expect, test } from "vitest";
import { cosine } from "./cosine.ts";

test("cosines: along, across, against; NaN of nothing", () => {
  expect(cosine([1, 2], [2, 4])).toBeCloseTo(1);
  expect(cosine([1, 0], new Float32Array([0, 3]))).toBe(0);
  expect(cosine([1, 1], [-1, 0])).toBeCloseTo(-Math.SQRT1_2);
  expect(cosine([0, 0], [1, 0])).toBeNaN();
});
