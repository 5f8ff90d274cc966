import fc from "fast-check";
import { expect, test } from "vitest";
import { fewestDigits } from "./fewest-digits.ts";

test("digits that float32 does not tell apart are left out, and it is the same float32", () => {
  expect([2.7, 12.42, 0.1, 1e-7, 3, -0].map((one) => fewestDigits(Math.fround(one)))).toEqual([2.7, 12.42, 0.1, 1e-7, 3, -0]);
  expect(fewestDigits(0.1 + 0.2)).toBe(0.1 + 0.2);
  expect(fewestDigits(Number.POSITIVE_INFINITY)).toBe(Number.POSITIVE_INFINITY);
  fc.assert(
    fc.property(fc.float({ noNaN: true }), (value) => {
      expect(Math.fround(fewestDigits(value))).toBe(value);
    }),
  );
});
