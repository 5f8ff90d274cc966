import { expect, test } from "vitest";
import { randomBy } from "../../numeric/random.ts";
import { judgeDecision, prototypesOf } from "./prototypes.ts";

const stream = randomBy(2).stream(0);
const rows = Array.from({ length: 40 }, (_, i) => [(i % 2) * 6 + stream.normal(), stream.normal()]);
const samples = rows.map((_, i) => 100 + i);

test("prototypes are samples; decisions far from all of them are unusual", () => {
  const made = prototypesOf({ rows, samples }, { components: 2 });
  expect(made.nearest.map((sample) => sample % 2).sort()).toEqual([0, 1]);
  expect(made.components.map((k) => k === made.components[0])).toEqual(rows.map((_, i) => i % 2 === 0));
  const [usual, unusual] = [judgeDecision(made, rows[made.nearest[0]! - 100]!), judgeDecision(made, [3, 9])];
  expect(usual.percentile).toBeGreaterThan(50);
  expect(unusual.percentile).toBe(0);
  expect(unusual.logLikelihood).toBeLessThan(made.likelihoods[0]!);
  expect(unusual.difference[1]).toBeGreaterThan(7);
  expect(JSON.parse(JSON.stringify(made))).toEqual(made);
});

test("of fewer than ten samples no percentile is told; another number of channels is refused", () => {
  const few = prototypesOf({ rows: rows.slice(0, 9) }, { components: 1 });
  expect(judgeDecision(few, [0, 0]).percentile).toBeUndefined();
  expect(() => judgeDecision(few, [0])).toThrow(/a vector of 1 channels: prototypes have 2/);
});
