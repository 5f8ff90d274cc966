/** Summaries of whole runs: what is in them, and what they must not depend on. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { randomBy } from "../../numeric/random.ts";
import type { EvaluatedMethod, ScoreTable } from "../result.ts";
import { summarise } from "./summarise.ts";
import type { Comparison, MethodSummary, Summary } from "./summary.ts";

const FEW = { resamples: 200, permutations: 199 };

const method = (name: string): EvaluatedMethod =>
  name === "random" ? { name, random: true, recipe: {}, hash: "" } : { name, recipe: {}, hash: "" };
const methods = (...names: readonly string[]) => names.map(method);
const table = (values: ScoreTable["values"], more: Partial<ScoreTable> = {}): ScoreTable => ({
  setting: 0,
  score: "s",
  direction: "higher",
  primary: true,
  values,
  ...more,
});
/** Methods with the same samples under them, each better by its mean. */
const simulated = (count: number, means: readonly number[], key = 1): number[][] => {
  const stream = randomBy(2).stream(key);
  const common = Array.from({ length: count }, () => 2 * stream.normal());
  return means.map((mean) => common.map((v) => v + mean + 0.5 * stream.normal()));
};
const of = ({ tables }: Summary, name: string, at = 0): MethodSummary => tables[at]!.methods.find((m) => m.method === name)!;
const pair = ({ tables }: Summary, a: string, b: string): Comparison | undefined =>
  tables[0]!.pairs.find((p) => p.a === a && p.b === b);

describe("a summary", () => {
  const names = ["good", "random", "poor", "random", "fair"];
  const run = () => summarise([table(simulated(40, [2, 0.01, 0, -0.01, 1]))], methods(...names));
  test("pools random maps as one method, last", () => {
    const { methods, floor } = run().tables[0]!;
    expect(methods.map((m) => [m.method, m.random])).toEqual([
      ["good", false],
      ["poor", false],
      ["fair", false],
      ["random", true],
    ]);
    expect(methods[3]!.mean).toBeCloseTo(floor!.mean, 12);
    expect(methods.map(({ atFloor }) => atFloor)).toEqual([false, true, false, undefined]);
  });
  test("ranks, and says how sure it is of them", () => {
    const summary = run();
    expect(summary.enough).toBe(true);
    expect(of(summary, "good")).toMatchObject({ rank: 1, rankLow: 1, rankHigh: 1, n: 40 });
    expect(of(summary, "fair")).toMatchObject({ rank: 2, rankLow: 2, rankHigh: 2 });
    expect(of(summary, "random")).toMatchObject({ rankLow: 3, rankHigh: 4 });
  });
  test("compares every two, paired: sure of differences that the spread over samples would hide", () => {
    const summary = run();
    expect(summary.tables[0]!.pairs).toHaveLength(6);
    const found = pair(summary, "good", "fair")!;
    expect(found.difference.low).toBeGreaterThan(0.5);
    expect(found.difference.mean).toBeCloseTo(of(summary, "good").mean - of(summary, "fair").mean, 12);
    expect(of(summary, "good").halfWidth).toBeGreaterThan(2 * (found.difference.high - found.difference.low) * 0.5);
    expect(found).toMatchObject({ n: 40, p: 1 / 10_000 });
    expect(found.pHolm).toBeCloseTo(6 / 10_000, 12);
    expect(found.wins).toBeGreaterThan(0.8);
    expect(pair(summary, "fair", "good")).toBeUndefined();
    for (const { p, pHolm } of summary.tables[0]!.pairs) expect(pHolm).toBeGreaterThanOrEqual(p);
  });
  test("is the same each time, and another by another seed", () => {
    const again = (seed: number) => summarise([table(simulated(40, [2, 1]))], methods("a", "b"), { ...FEW, seed });
    expect(again(3)).toEqual(again(3));
    expect(again(3)).not.toEqual(again(4));
  });
  test("medians and undefined scores", () => {
    const values = [
      [1, 2, null, 10],
      [0, null, 5, 6],
      [null, null, null, null],
    ];
    const summary = summarise([table(values)], methods("a", "b", "none"), FEW);
    expect(of(summary, "a")).toMatchObject({ n: 3, median: 2, mean: 13 / 3 });
    expect(of(summary, "none")).toMatchObject({ n: 0, mean: Number.NaN, low: Number.NaN, median: Number.NaN });
    // Samples 0 and 3 have both.
    expect(summary.tables[0]!.pairs).toHaveLength(1);
    expect(pair(summary, "a", "b")).toMatchObject({ n: 2, difference: { mean: 2.5 }, p: 0.5, wins: 1 });
  });
});

describe("what is left out", () => {
  test("below 20 samples: ranks and agreement; intervals and comparisons stay", () => {
    const tables = (count: number) => [1, 2].map((key) => table(simulated(count, [2, 1, 0], key)));
    const few = summarise(tables(19), methods("a", "b", "c"), FEW);
    expect([few.enough, few.agreement]).toEqual([false, []]);
    expect(of(few, "a")).not.toHaveProperty("rank");
    expect(of(few, "a").low).toBeLessThan(of(few, "a").mean);
    expect(few.tables[0]!.pairs).toHaveLength(3);
    const enough = summarise(tables(20), methods("a", "b", "c"), FEW);
    expect([enough.enough, enough.agreement.length, of(enough, "a").rank]).toEqual([true, 1, 1]);
  });
  test("a method with few scores is not ranked beside the others", () => {
    const [a, b, c] = simulated(30, [2, 1, 5]) as [number[], number[], (number | null)[]];
    const summary = summarise([table([a, b, c.map((v, i) => (i < 19 ? v : null))])], methods("a", "b", "c"), FEW);
    expect([of(summary, "a").rank, of(summary, "b").rank, of(summary, "c").rank]).toEqual([1, 2, undefined]);
  });
  test("without a direction nothing is better: no ranks, no pairs, no agreement", () => {
    const { direction: _, ...plain } = table(simulated(30, [2, 1]));
    const summary = summarise([plain, table(simulated(30, [2, 1]))], methods("a", "b"), FEW);
    expect(of(summary, "a")).not.toHaveProperty("rank");
    expect([summary.tables[0]!.pairs, summary.agreement]).toEqual([[], []]);
  });
  test("without random maps there is no floor; without tables there is nothing", () => {
    const summary = summarise([table(simulated(30, [2, 1]))], methods("a", "b"), FEW);
    expect(summary.tables[0]).not.toHaveProperty("floor");
    expect(of(summary, "a")).not.toHaveProperty("atFloor");
    expect(summarise([], [], FEW)).toMatchObject({ enough: false, tables: [], agreement: [] });
  });
  test("options that make no sense are refused", () => {
    for (const options of [{ confidence: 95 }, { resamples: 10 }, { permutations: 1.5 }])
      expect(() => summarise([], [], options)).toThrow(expect.objectContaining({ _tag: "BadInput" }));
  });
});

describe("agreement between metrics", () => {
  const names = ["a", "b", "c", "random"];
  const good = simulated(30, [3, 2, 1, 0]);
  const other = (values: number[][], more: Partial<ScoreTable>) =>
    summarise([table(good), table(values, more)], methods(...names), FEW);
  test("τ is 1 where metrics rank alike, whichever way each points, and −1 where they do not", () => {
    const turned = good.map((scores) => scores.map((v) => -v));
    expect(other(turned, { direction: "lower" }).agreement).toEqual([{ a: 0, b: 1, tau: 1, low: 1, high: 1 }]);
    expect(other(turned, {}).agreement).toEqual([{ a: 0, b: 1, tau: -1, low: -1, high: -1 }]);
  });
  test("random maps do not count, nor do scores that are not primary", () => {
    const swapped = [good[2]!, good[1]!, good[0]!, good[3]!];
    expect(other(swapped, {}).agreement[0]!.tau).toBe(-1);
    expect(other(good, { primary: false }).agreement).toEqual([]);
  });
  test("is unsure where methods are close", () => {
    const found = other(simulated(30, [0.05, 0, 0.02, 0], 5), {}).agreement[0]!;
    expect(found.high - found.low).toBeGreaterThan(0.5);
  });
});

describe("invariances", () => {
  const scores = fc
    .tuple(fc.integer({ min: 2, max: 30 }), fc.integer({ min: 0, max: 10_000 }), fc.boolean())
    .map(([count, key, holes]) =>
      simulated(count, [0, 0.2, -0.1, 0], key).map((list, m) => list.map((v, i) => (holes && (i * 7 + m) % 11 === 0 ? null : v))),
    );
  const names = methods("a", "b", "random", "random");
  const summary = (values: ScoreTable["values"], more: Partial<ScoreTable> = {}) =>
    summarise([table(values, more), table(values.map((list) => list.map((v) => v && v ** 3)))], names, FEW);

  test("the order of the samples does not matter, to the last digit", () => {
    fc.assert(
      fc.property(scores, fc.integer(), (values, key) => {
        const order = randomBy(key).stream(9).permutation(values[0]!.length);
        expect(summary(values.map((list) => Array.from(order, (i) => list[i]!)))).toEqual(summary(values));
      }),
      { numRuns: 30 },
    );
  });
  test("scores in other units: all lengths scale, nothing else changes", () => {
    fc.assert(
      fc.property(scores, (values) => {
        const [plain, scaled] = [summary(values), summary(values.map((list) => list.map((v) => v && 8 * v)))];
        plain.tables[0]!.methods.forEach((m, i) => {
          const by8 = scaled.tables[0]!.methods[i]!;
          // A power of two: to the last digit, NaN included.
          expect([by8.low, by8.high, by8.halfWidth]).toEqual([8 * m.low, 8 * m.high, 8 * m.halfWidth]);
          expect([by8.rank, by8.rankLow, by8.rankHigh, by8.atFloor]).toEqual([m.rank, m.rankLow, m.rankHigh, m.atFloor]);
        });
        plain.tables[0]!.pairs.forEach((p, i) => {
          const by8 = scaled.tables[0]!.pairs[i]!;
          expect([by8.a, by8.p, by8.pHolm, by8.wins]).toEqual([p.a, p.p, p.pHolm, p.wins]);
          expect(by8.effect).toBe(p.effect);
        });
      }),
      { numRuns: 30 },
    );
  });
  test("scores turned round, and lower better: the same ranks and the same winners", () => {
    fc.assert(
      fc.property(scores, (values) => {
        const plain = summary(values).tables[0]!;
        const turned = summary(
          values.map((list) => list.map((v) => v && -v)),
          { direction: "lower" },
        ).tables[0]!;
        expect(turned.pairs.map(({ a, b, n }) => [a, b, n])).toEqual(plain.pairs.map(({ a, b, n }) => [a, b, n]));
        expect(turned.pairs.map(({ wins }) => wins)).toEqual(plain.pairs.map(({ wins }) => wins));
        expect(turned.methods.map(({ rank }) => rank)).toEqual(plain.methods.map(({ rank }) => rank));
      }),
      { numRuns: 30 },
    );
  });
  test("two methods with the same scores: no difference, p 1, half the wins, one rank", () => {
    const [a] = simulated(25, [1]) as [number[]];
    const found = summarise([table([a, [...a]])], methods("a", "b"), FEW);
    expect(pair(found, "a", "b")).toMatchObject({ difference: { mean: 0, low: 0, high: 0 }, p: 1, effect: 0, wins: 0.5 });
    expect([of(found, "a").rank, of(found, "b").rank]).toEqual([1.5, 1.5]);
  });
});

test("a large run takes seconds: 1000 samples, 10 methods, 2000 resamples; a quarter of its 20 tables", () => {
  const stream = randomBy(0).stream(1);
  const names = methods(...Array.from({ length: 10 }, (_, i) => `m${i}`), "random", "random", "random");
  const tables = Array.from({ length: 5 }, () => table(names.map(() => Array.from({ length: 1000 }, () => stream.normal()))));
  const start = process.cpuUsage();
  expect(summarise(tables, names).tables[4]!.pairs).toHaveLength(55);
  // Of the processor, as others may be at work on it: about 0.7 s.
  expect(process.cpuUsage(start).user / 1e6).toBeLessThan(2.5);
});
