import fc from "fast-check";
import { expect, test } from "vitest";
import { bfloatToFloat, floatToBfloat, floatToHalf, halfToFloat } from "./half.ts";

test("every float16 goes to float and back", () => {
  for (let half = 0; half < 0x10000; half++) {
    const value = halfToFloat(half);
    if (!Number.isNaN(value)) expect(floatToHalf(value)).toBe(half);
  }
  expect(halfToFloat(floatToHalf(Number.NaN))).toBeNaN();
});

test("every bfloat16 goes to float and back", () => {
  for (let half = 0; half < 0x10000; half++) {
    const value = bfloatToFloat(half);
    if (!Number.isNaN(value)) expect(floatToBfloat(value)).toBe(half);
  }
  expect(bfloatToFloat(floatToBfloat(Number.NaN))).toBeNaN();
});

test.each([
  [1, 0x3c00],
  [-2, 0xc000],
  [65504, 0x7bff],
  [65519, 0x7bff],
  [65520, 0x7c00],
  [2 ** -24, 0x0001],
  [2 ** -25, 0x0000],
  [1 + 2 ** -11, 0x3c00], // half way: to even
  [1 + 3 * 2 ** -11, 0x3c02],
  [2 - 2 ** -12, 0x4000], // carries into the exponent
  [-0, 0x8000],
])("float16 of %d", (value, half) => {
  expect(floatToHalf(value)).toBe(half);
});

test("the nearest float16 is taken", () => {
  fc.assert(
    fc.property(fc.double({ min: -65504, max: 65504, noNaN: true }), (value) => {
      const half = floatToHalf(value);
      const error = Math.abs(halfToFloat(half) - value);
      for (const neighbour of [half - 1, half + 1]) {
        const other = halfToFloat(neighbour & 0xffff);
        if (Number.isFinite(other)) expect(error).toBeLessThanOrEqual(Math.abs(other - value));
      }
    }),
  );
});
