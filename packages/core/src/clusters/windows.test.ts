import { expect, test } from "vitest";
import type { FloatTensor } from "../tensor/float.ts";
import { topWindows } from "./windows.ts";

const floats = (dims: readonly number[], data: readonly number[]): FloatTensor => ({
  type: "float32",
  dims,
  data: Float32Array.from(data),
});

test("the windows with the largest sums, apart from each other, in order", () => {
  const map = [0, 0, 0, 0, 0, 0, 5, 4, 0, 0, 0, 4, 3, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 2, 2];
  const found = topWindows(floats([2, 1, 5, 5], [...map, ...map.map((v) => -v)]), { side: 2, count: 2 });
  expect(found[0]).toEqual([
    [1, 1],
    [3, 3],
  ]);
  // Of equal ones the first; there are no more than fit.
  expect(found[1]![0]).toEqual([0, 3]);
  expect(topWindows(floats([1, 1, 3, 2], [1, 0, 0, 0, 0, 3]), { side: 3, count: 2 })).toEqual([[[0, 0]]]);
});
