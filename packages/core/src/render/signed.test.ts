/** Signed numbers, at the borders of their forms. */
import { expect, test } from "vitest";
import { signed, signedBeside } from "./signed.ts";

test.each([
  [0, "0"],
  [1e-3, "+0.001"],
  [-1e-3, "-0.001"],
  [9.99e-4, "+9.99e-4"],
  [12_345, "+12300"],
  [99_900, "+99900"],
  [1e5, "+1.00e+5"],
  [-1e5, "-1.00e+5"],
  [Number.POSITIVE_INFINITY, "?"],
  [Number.NaN, "?"],
])("%d is %s", (value, text) => expect(signed(value)).toBe(text));

test.each([
  [0.4, 1, "+0.40"],
  [0.4, 0.9, "+0.400"],
  [-0.007, 0.9, "-0.007"],
  [0.0004, 0.9, "0"],
  [5, 1e-3, "+5.00000"],
  [5, 9e-4, "+5"],
  [5, 99_999, "+5"],
  [0.2, 1e5, "+0.2"],
])("%d beside %d is %s", (value, limit, text) => expect(signedBeside(value, limit)).toBe(text));
