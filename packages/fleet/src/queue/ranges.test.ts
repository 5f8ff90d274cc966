/** Ranges of units: every unit once, never more parts than said. */
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Range } from "./data.ts";
import { isFlat, partsOf } from "./ranges.ts";

/** Units in order, and the most parts that any range was cut into. */
const cut = (range: Range, fan: number): { readonly units: readonly number[]; readonly most: number } => {
  const parts = partsOf(range, fan);
  if (isFlat(range, fan)) return { units: parts.map(([from]) => from), most: parts.length };
  const below = parts.map((part) => cut(part, fan));
  return { units: below.flatMap(({ units }) => units), most: Math.max(parts.length, ...below.map(({ most }) => most)) };
};

test("parts of parts are all units in order, at most `fan` of a range", () => {
  fc.assert(
    fc.property(fc.nat(50), fc.nat(700), fc.integer({ min: 2, max: 30 }), (from, count, fan) => {
      const { units, most } = cut([from, from + count], fan);
      expect(units).toEqual(Array.from({ length: count }, (_, i) => from + i));
      expect(most).toBeLessThanOrEqual(fan);
    }),
  );
});

test("a million units are a thousand ranges of a thousand, one more a range of one", () => {
  expect(partsOf([0, 1e6], 1000)).toHaveLength(1000);
  expect(partsOf([0, 1e6], 1000)[7]).toEqual([7000, 8000]);
  expect(partsOf([0, 1e6 + 1], 1000)).toEqual([
    [0, 1e6],
    [1e6, 1e6 + 1],
  ]);
});
