import fc from "fast-check";
import { expect, test } from "vitest";
import { arranged, cutsOf } from "./arrange.ts";
import { BLOCK } from "./placed.ts";

/** Each takes from the one before; every third also from the one three before. */
const residual = (length: number) => Array.from({ length }, (_, i) => (i === 0 ? [] : i % 3 === 0 ? [i - 1, i - 3] : [i - 1]));

const overlaps = (at: readonly { readonly x: number; readonly y: number }[]): number =>
  at.filter((a, i) =>
    at.slice(i + 1, i + 50).some((b) => Math.abs(a.x - b.x) < BLOCK.width && Math.abs(a.y - b.y) < BLOCK.height),
  ).length;

test("blocks that nothing leads around", () => {
  expect(cutsOf(residual(7))).toEqual([0, 3, 6]);
  expect(cutsOf([[], [0], [0], [1, 2], [3]])).toEqual([0, 3, 4]);
});

test("every block stands below those it takes from, none on another, inside of the frame", () => {
  const graph = fc.array(fc.array(fc.nat(5), { minLength: 1, maxLength: 3 }), { maxLength: 40 });
  fc.assert(
    fc.property(graph, (steps) => {
      const from = [[], ...steps.map((back, i) => [...new Set(back.map((b) => Math.max(0, i - b)))])];
      const { at, width, height } = arranged({ from, ...BLOCK });
      from.forEach((before, i) => {
        for (const j of before) expect(at[i]!.y).toBeGreaterThan(at[j]!.y);
        expect(at[i]!.x).toBeGreaterThanOrEqual(BLOCK.width / 2 - 1e-6);
        expect(at[i]!.x).toBeLessThanOrEqual(width - BLOCK.width / 2 + 1e-6);
        expect(at[i]!.y).toBeLessThanOrEqual(height - BLOCK.height / 2 + 1e-6);
      });
      expect(overlaps(at)).toBe(0);
    }),
    { numRuns: 60 },
  );
});

test.each([
  ["a deep network of 3,000 blocks", residual(3001)],
  ["a chain of 5,000", Array.from({ length: 5000 }, (_, i) => (i === 0 ? [] : [i - 1]))],
  ["3,000 that all take from the first", Array.from({ length: 3000 }, (_, i) => (i === 0 ? [] : [0, i - 1]))],
])("%s is laid out", (_, from) => {
  const { at } = arranged({ from, ...BLOCK });
  expect(at).toHaveLength(from.length);
  from.forEach((before, i) => {
    for (const j of before) expect(at[i]!.y).toBeGreaterThan(at[j]!.y);
  });
  expect(overlaps(at)).toBe(0);
});
