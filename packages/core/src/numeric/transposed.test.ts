import { expect, test } from "vitest";
import { transposed } from "./transposed.ts";

test("rows become columns", () => {
  expect(
    transposed([
      [1, 2, 3],
      [4, 5, 6],
    ]),
  ).toEqual([1, 4, 2, 5, 3, 6]);
});
