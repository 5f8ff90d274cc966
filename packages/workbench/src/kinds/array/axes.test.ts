import { expect, test } from "vitest";
import { completedDims, transposed } from "./axes.ts";

const NCHW = ["N", 3, 224, 224];
const GREY = ["N", 1, 28, 28];

test.each<[number[], (number | string)[], number[] | undefined]>([
  [[5, 3, 224, 224], NCHW, [5, 3, 224, 224]],
  [[3, 224, 224], NCHW, [1, 3, 224, 224]],
  [[28, 28], GREY, [1, 1, 28, 28]],
  [[5, 28, 28], GREY, [5, 1, 28, 28]],
  [[1, 28, 28], GREY, [1, 1, 28, 28]],
  [
    [28, 28],
    [1, 28, 28, 1],
    [1, 28, 28, 1],
  ],
  [
    [7, 9],
    ["N", 1, "H", "W"],
    [1, 1, 7, 9],
  ],
  [[4], ["N", 4], [1, 4]],
  [[224, 224, 3], NCHW, undefined],
  [[5, 28], GREY, undefined],
  [[5, 28, 28, 1], GREY, [5, 1, 28, 28]],
])("%j for %j", (dims, wanted, completed) => expect(completedDims(dims, wanted)).toEqual(completed));

test("axes in another order", () => {
  expect(transposed([2, 224, 224, 3], NCHW)).toEqual([0, 3, 1, 2]);
  expect(transposed([224, 224, 3], NCHW)).toEqual([2, 0, 1]);
  expect(transposed([2, 3, 224, 224], ["N", 224, 224, 3])).toEqual([0, 2, 3, 1]);
  expect(transposed([2, 100, 12], ["N", 12, "L"])).toEqual([0, 2, 1]);
  expect(transposed([2, 100, 100, 3], NCHW)).toBeUndefined();
});
