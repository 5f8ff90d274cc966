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

test("full covariances are those of the directions asked for; what lies outside counts too", () => {
  const wide = randomBy(4).stream(0);
  // Two directions of six vary together, the others hardly.
  const samples = Array.from({ length: 30 }, () => {
    const a = wide.normal();
    return Array.from({ length: 6 }, (_, d) => (d < 2 ? a + 0.3 * wide.normal() : 0.01 * wide.normal()));
  });
  const made = prototypesOf({ rows: samples }, { components: 1, covariance: "full", axes: 3 });
  expect(made.subspace!.axes).toHaveLength(3);
  expect(Math.abs(made.subspace!.axes[0]![0]! + made.subspace!.axes[0]![1]!)).toBeCloseTo(Math.SQRT2, 1);
  const usual = samples[made.nearest[0]!]!;
  const outside = usual.map((v, d) => (d === 5 ? v + 1 : v));
  expect(judgeDecision(made, usual).percentile).toBeGreaterThan(20);
  const judged = judgeDecision(made, outside);
  expect(judged.percentile).toBe(0);
  expect(judged.deviations.map(Math.abs).indexOf(Math.max(...judged.deviations.map(Math.abs)))).toBe(5);
});
