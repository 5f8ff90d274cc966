/** Numbers as people read them, at the borders of their forms. */
import { expect, test } from "vitest";
import { amount, bytes, percent, seconds } from "./numbers.ts";

test.each([
  [0, "0"],
  [1e-3, "0.001"],
  [-1e-3, "-0.001"],
  [9.99e-4, "9.99e-4"],
  [-9.99e-4, "-9.99e-4"],
  [12_345.6, "12350"],
  [99_990, "99990"],
  [1e5, "1.00e+5"],
  [-1e5, "-1.00e+5"],
])("an amount of %d is short: %s", (value, text) => expect(amount(value)).toBe(text));

test.each([
  [0, "0 %"],
  [0.001, "0.1 %"],
  [0.00099, "0.1 %"],
  [0.00021, "0.02 %"],
  [-0.00021, "-0.02 %"],
  [1, "100.0 %"],
  [Number.POSITIVE_INFINITY, "–"],
  [Number.NaN, "–"],
])("a share of %d is %s", (share, text) => expect(percent(share)).toBe(text));

test("times and sizes change their unit at a thousand", () => {
  expect([999, 1000, 1500].map(seconds)).toEqual(["999 ms", "1.00 s", "1.50 s"]);
  expect([999, 1000, 999_000, 1e6].map(bytes)).toEqual(["999 bytes", "1 kB", "999 kB", "1.0 MB"]);
});
