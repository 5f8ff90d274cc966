/** Which colour a number has in a drawing. */
import { expect, test } from "vitest";
import { valueClass } from "./svg.ts";

test.each([
  [1, 1, "bl-p8"],
  [5, 1, "bl-p8"],
  [-1, 1, "bl-n8"],
  [-Number.MAX_VALUE, 1, "bl-n8"],
  [0.07, 1, "bl-p1"],
  [0.06, 1, "bl-zero"],
  [0, 1, "bl-zero"],
  [1, 0, "bl-zero"],
  [Number.NaN, 1, "bl-zero"],
  [Number.POSITIVE_INFINITY, 1, "bl-zero"],
  [1, Number.NaN, "bl-zero"],
])("%d of %d is %s", (value, limit, name) => expect(valueClass(value, limit)).toBe(name));
