/** The statistics one by one, against numbers made by hand or from tables. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { normalCdf, normalQuantile } from "../../numeric/normal.ts";
import { studentQuantile, studentWithin } from "../../numeric/student.ts";
import { intervalOf, percentiles, resamplingOf } from "./bootstrap.ts";
import { alike, columnOf, differenceOf, meanOf, momentsOf, pooled, steadyOrder } from "./column.ts";
import { pairedEffect, winsOf } from "./effect.ts";
import { noiseFloor } from "./floor.ts";
import { holm } from "./holm.ts";
import { kendallTau } from "./kendall.ts";
import { exactSignFlip, signFlipsOf } from "./permutation-test.ts";
import { rankMeans } from "./ranks.ts";

const column = (scores: readonly (number | null)[]) =>
  columnOf(
    scores,
    scores.map((_, i) => i),
  );
const numbers = (minLength: number, maxLength = 40) =>
  fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength, maxLength }).map((list) => list.map((v) => v / 8));

describe("distributions", () => {
  test("the normal one", () => {
    expect(normalCdf(1.959963984540054)).toBeCloseTo(0.975, 14);
    expect(normalCdf(-1)).toBeCloseTo(0.15865525393145707, 14);
    for (let x = -9; x < 9; x += 0.01) {
      expect(normalCdf(x)).toBeGreaterThanOrEqual(0);
      expect(normalCdf(x)).toBeLessThanOrEqual(1);
      expect(Math.abs(normalCdf(x) + normalCdf(-x) - 1)).toBeLessThan(1e-14);
    }
    expect(normalQuantile(0.995)).toBeCloseTo(2.5758293035489004, 12);
    expect([normalQuantile(0.5), normalQuantile(0), normalQuantile(1)]).toEqual([expect.closeTo(0, 12), -Infinity, Infinity]);
  });
  test("Student's t: the tables of two-sided quantiles", () => {
    for (const [confidence, nu, t] of [
      [0.95, 1, 12.7062],
      [0.95, 2, 4.30265],
      [0.95, 3, 3.18245],
      [0.95, 9, 2.26216],
      [0.99, 10, 3.16927],
      [0.9, 30, 1.69726],
      [0.95, 120, 1.97993],
      [0.95, 100_000, 1.95999],
    ] as const)
      expect(studentQuantile(confidence, nu)).toBeCloseTo(t, 4);
    expect(studentWithin(1, 1)).toBeCloseTo(0.5, 14);
    // ν = 2: t / √(2 + t²).
    expect(studentWithin(3, 2)).toBeCloseTo(3 / Math.sqrt(11), 14);
  });
});

describe("Holm's correction", () => {
  test("steps down, never falls, ends at 1", () => {
    expect(holm([0.01, 0.04, 0.03, 0.005])).toEqual([0.03, 0.06, 0.06, 0.02]);
    expect(holm([0.5, 0.4])).toEqual([0.8, 0.8]);
    expect(holm([0.9, 0.6])).toEqual([1, 1]);
    expect(holm([])).toEqual([]);
    expect(holm([0.2])).toEqual([0.2]);
  });
  test("lies between p and Bonferroni's, keeps the order, and does not care about the order of the list", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 30 }), (ps) => {
        const adjusted = holm(ps);
        ps.forEach((p, i) => {
          expect(adjusted[i]).toBeGreaterThanOrEqual(p);
          expect(adjusted[i]).toBeLessThanOrEqual(Math.min(1, p * ps.length));
          ps.forEach((q, j) => {
            if (p <= q) expect(adjusted[i]).toBeLessThanOrEqual(adjusted[j]!);
          });
        });
        expect(holm([...ps].reverse())).toEqual(adjusted.reverse());
      }),
    );
  });
});

describe("the sign-flip test", () => {
  test("exact: counted by hand", () => {
    // Of 8 patterns only all plus and all minus reach |6|.
    expect(exactSignFlip([1, 2, 3])).toBe(2 / 8);
    // |Σ| = 4: +++ and −++ (4 each), with their opposites.
    expect(exactSignFlip([-1, 2, 3])).toBe(4 / 8);
    expect(exactSignFlip([])).toBe(1);
    expect(exactSignFlip([5])).toBe(1);
    expect(exactSignFlip(new Array(10).fill(0.1))).toBe(2 / 1024);
    // Darwin's fifteen pairs of maize: Fisher (1935, section 21) counted 1726 of 32768 patterns as large as 314.
    const maize = [49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48];
    expect(exactSignFlip(maize)).toBe(1726 / 32768);
    const sampled = signFlipsOf(15, 20_000, 1).p(column(maize), column(maize.map(() => 0)));
    expect(Math.abs(sampled - 1726 / 32768)).toBeLessThan(4 * Math.sqrt(0.05 / 20_000));
  });
  test("equal sums count as equal, whatever their rounding", () => {
    const tenths = [0.1, 0.2, 0.3, -0.1, -0.2, 0.3, 0.7];
    expect(exactSignFlip(tenths)).toBe(exactSignFlip(tenths.map((d) => Math.round(d * 10))));
  });
  test("samples where nothing differs or a score is missing do not count; never 0", () => {
    const a = column([1, 2, 3, 7, null, 4, 1e6]);
    const b = column([0, 0, 0, 7, 3, 4, null]);
    expect(signFlipsOf(7, 100, 0).p(a, b)).toBe(2 / 8);
    const sure = signFlipsOf(50, 999, 0).p(column(new Array(50).fill(1)), column(new Array(50).fill(0)));
    expect(sure).toBe(1 / 1000);
    // One sample of many that differs: every pattern is as extreme, though both methods are far from 0.
    const many = Array.from({ length: 100 }, (_, i) => 1000.1 + i / 3);
    expect(signFlipsOf(100, 999, 0).p(column(many), column(many.map((v, i) => (i === 3 ? v + 0.01 : v))))).toBe(1);
  });
  test("by whole methods or by their difference: the same p; symmetric; scale does not matter", () => {
    fc.assert(
      fc.property(numbers(13), fc.infiniteStream(fc.integer({ min: -800, max: 800 })), (first, stream) => {
        const a = column(first);
        const b = column(first.map(() => stream.next().value! / 8));
        const zero = column(first.map(() => 0));
        const { p } = signFlipsOf(first.length, 500, 3);
        expect(p(a, b)).toBe(p(b, a));
        expect(p(a, b)).toBe(p(differenceOf(a, b), zero));
        expect(p(a, b)).toBe(p(...([a, b].map((of) => column([...of.values].map((v) => v * 3))) as [typeof a, typeof b])));
        expect(p(a, b)).toBeGreaterThan(0);
        expect(p(a, b)).toBeLessThanOrEqual(1);
      }),
      { numRuns: 50 },
    );
  });
});

describe("Kendall's τ-b", () => {
  test("without and with ties", () => {
    expect(kendallTau([1, 2, 3, 4], [1, 2, 3, 4])).toBe(1);
    expect(kendallTau([1, 2, 3, 4], [4, 3, 2, 1])).toBe(-1);
    // Five agree, one does not.
    expect(kendallTau([1, 2, 3, 4], [1, 2, 4, 3])).toBeCloseTo(4 / 6, 15);
    // C = 4, D = 0; one pair ties in the first, one in the second.
    expect(kendallTau([1, 2, 2, 3], [1, 1, 2, 3])).toBeCloseTo(4 / 5, 15);
    expect(kendallTau([1, 1, 1], [1, 2, 3])).toBeNaN();
    expect(kendallTau([1, Number.NaN, 2], [1, 2, 3])).toBe(1);
  });
  test("is symmetric, turns its sign with one list, and only sees ranks", () => {
    fc.assert(
      fc.property(numbers(2, 12), fc.infiniteStream(fc.integer({ min: 0, max: 9 })), (a, stream) => {
        const b = a.map(() => stream.next().value!);
        const tau = kendallTau(a, b);
        if (Number.isNaN(tau)) return;
        expect(Math.abs(tau)).toBeLessThanOrEqual(1 + 1e-15);
        expect(kendallTau(b, a)).toBe(tau);
        expect(
          kendallTau(
            a.map((v) => -v),
            b,
          ),
        ).toBeCloseTo(-tau, 15);
        expect(
          kendallTau(
            a.map((v) => v ** 3 + 5),
            b,
          ),
        ).toBe(tau);
      }),
    );
  });
});

describe("columns", () => {
  test("null, NaN and infinite scores are undefined; pools and differences take what is there", () => {
    const a = column([1, null, Number.NaN, Number.POSITIVE_INFINITY, 5]);
    expect([a.n, meanOf(a), [...a.defined]]).toEqual([2, 3, [1, 0, 0, 0, 1]]);
    const b = column([3, 4, null, 1, null]);
    expect([...pooled([a, b]).values]).toEqual([2, 4, 0, 1, 5]);
    expect(pooled([a, b]).n).toBe(4);
    expect([differenceOf(a, b).n, meanOf(differenceOf(a, b))]).toEqual([1, -2]);
    expect([alike(a, a), alike(a, b)]).toEqual([true, false]);
    expect(meanOf(column([null]))).toBeNaN();
  });
  test("moments", () => {
    const { mean, sd, skewness } = momentsOf(column([0, 0, null, 0, 4]));
    expect([mean, sd]).toEqual([1, 2]);
    // Third moment (3 · −1 + 27) / 4 = 6, second 3.
    expect(skewness).toBeCloseTo(6 / 3 ** 1.5, 14);
  });
  test("the steady order is that of the scores", () => {
    expect([
      ...steadyOrder([
        [2, 1, null, 2],
        [5, 0, 0, 4],
      ]),
    ]).toEqual([2, 1, 3, 0]);
    expect([...steadyOrder([])]).toEqual([]);
  });
});

describe("effects", () => {
  test("Cohen's d of paired samples and wins", () => {
    const difference = column([1, 3, null, -1, 0, 2]);
    // Mean 1, variance 10 / 4.
    expect(pairedEffect(difference)).toBeCloseTo(1 / Math.sqrt(2.5), 14);
    expect(winsOf(difference, "higher")).toBe(3.5 / 5);
    expect(winsOf(difference, "lower")).toBe(1.5 / 5);
    expect(winsOf(difference, undefined)).toBeNaN();
    expect([pairedEffect(column([0, 0])), pairedEffect(column([2, 2]))]).toEqual([0, Number.POSITIVE_INFINITY]);
  });
});

describe("the bootstrap", () => {
  test("means over the defined samples of a resample; the same indices for every column", () => {
    const resampling = resamplingOf(8, 300, 5);
    const a = column([1, 2, 3, 4, 5, 6, 7, 8]);
    const b = column([2, 3, 4, 5, 6, 7, 8, 9]);
    const holes = column([1, null, 3, 4, 5, 6, 7, 8]);
    const second = column([0, 1, 0, 0, 0, 0, 0, 0]);
    for (const [k, mean] of resampling.means(a).entries()) {
      expect(resampling.means(b)[k]).toBeCloseTo(mean + 1, 13);
      // The 2 that is missing there counts as often as it is drawn.
      const times = 8 * resampling.means(second)[k]!;
      expect(resampling.means(holes)[k]).toBeCloseTo((8 * mean - 2 * times) / (8 - times), 13);
    }
    expect(resampling.means(column(new Array(8).fill(null))).every(Number.isNaN)).toBe(true);
    expect(resamplingOf(8, 300, 5).means(a)).toEqual(resampling.means(a));
    expect(resamplingOf(8, 300, 6).means(a)).not.toEqual(resampling.means(a));
  });
  test("of two samples all resamples are three means, each as often as it must be", () => {
    const means = resamplingOf(2, 10_000, 1).means(column([0, 1]));
    const share = (value: number) => means.filter((mean) => mean === value).length / 10_000;
    for (const [value, expected] of [
      [0, 0.25],
      [0.5, 0.5],
      [1, 0.25],
    ] as const)
      expect(Math.abs(share(value) - expected)).toBeLessThan(0.02);
  });
  test("near-normal scores: about the interval of Student's t", () => {
    const scores = Array.from({ length: 40 }, (_, i) => normalQuantile((i + 0.5) / 40));
    const of = column(scores);
    const { low, high } = intervalOf(of, resamplingOf(40, 20_000, 2).means(of), 0.95);
    const half = (studentQuantile(0.95, 39) * momentsOf(of).sd) / Math.sqrt(40);
    expect(Math.abs(high - half)).toBeLessThan(0.03 * half);
    expect(Math.abs(low + half)).toBeLessThan(0.03 * half);
  });
  test("skewed scores: the long side is longer", () => {
    const of = column(Array.from({ length: 40 }, (_, i) => -Math.log(1 - (i + 0.5) / 40)));
    const { mean, low, high } = intervalOf(of, resamplingOf(40, 5000, 2).means(of), 0.95);
    expect(high - mean).toBeGreaterThan(1.15 * (mean - low));
  });
  test("degenerate: one score has no interval, equal ones a point", () => {
    const one = column([3, null]);
    expect(intervalOf(one, resamplingOf(2, 100, 0).means(one), 0.95)).toEqual({ mean: 3, low: Number.NaN, high: Number.NaN });
    const equal = column(new Array(10).fill(0.1));
    const { low, high } = intervalOf(equal, resamplingOf(10, 100, 0).means(equal), 0.95);
    expect([low, high]).toEqual([expect.closeTo(0.1, 15), expect.closeTo(0.1, 15)]);
  });
  test("holds the mean; wider for more confidence; turns round and scales with the scores", () => {
    fc.assert(
      fc.property(numbers(2, 30), (scores) => {
        const interval = (of: readonly number[], confidence = 0.9) =>
          intervalOf(column(of), resamplingOf(of.length, 200, 7).means(column(of)), confidence);
        const { mean, low, high } = interval(scores);
        expect(low).toBeLessThanOrEqual(mean);
        expect(high).toBeGreaterThanOrEqual(mean);
        const wide = interval(scores, 0.99);
        expect(wide.low).toBeLessThanOrEqual(low);
        expect(wide.high).toBeGreaterThanOrEqual(high);
        const turned = interval(scores.map((v) => -4 * v));
        expect(turned.low).toBeCloseTo(-4 * high, 8);
        expect(turned.high).toBeCloseTo(-4 * low, 8);
      }),
      { numRuns: 60 },
    );
  });
  test("percentiles are order statistics", () => {
    const steps = Float64Array.from({ length: 101 }, (_, i) => (i * 37) % 101);
    expect(percentiles(steps, 0.9)).toEqual({ low: 5, high: 95 });
    expect(percentiles(new Float64Array(0), 0.9)).toEqual({ low: Number.NaN, high: Number.NaN });
  });
});

describe("ranks", () => {
  test("1 is best, ties share, intervals hold the rank", () => {
    const resampled = [0.5, 0.7, 0.7, 0.1].map((mean) => new Float64Array(100).fill(mean));
    const ranks = (direction: "higher" | "lower") =>
      rankMeans([0.5, 0.7, 0.7, 0.1], resampled, direction, 0.95).map(({ rank }) => rank);
    expect(ranks("higher")).toEqual([3, 1.5, 1.5, 4]);
    expect(ranks("lower")).toEqual([2, 3.5, 3.5, 1]);
    const moving = [Float64Array.from({ length: 100 }, (_, k) => k), new Float64Array(100).fill(49.5)];
    expect(rankMeans([40, 49.5], moving, "higher", 0.95)).toEqual([
      { rank: 2, rankLow: 1, rankHigh: 2 },
      { rank: 1, rankLow: 1, rankHigh: 2 },
    ]);
    expect(rankMeans([], [], "higher", 0.95)).toEqual([]);
  });
});

describe("the noise floor", () => {
  test("from the variance within samples, by the formula", () => {
    // Samples far from each other, draws ±1 and ±3 about them: s² = ((2 · 1) + (2 · 9)) / 2 with one degree of freedom a sample.
    const floor = noiseFloor([column([101, 3]), column([99, -3])], 0.95)!;
    const half = 4.302652729911275 * Math.sqrt(10) * Math.sqrt((1 + 1 / 2) / 2);
    expect(floor.mean).toBe(50);
    expect(floor.high - 50).toBeCloseTo(half, 8);
    expect(50 - floor.low).toBeCloseTo(half, 8);
  });
  test("one draw: the samples' own spread, of two means", () => {
    const floor = noiseFloor([column([1, 2, 3])], 0.95)!;
    expect(floor.high - 2).toBeCloseTo(4.302652729911275 * Math.sqrt(1 / 3 + 1 / 3), 8);
  });
  test("missing draws; nothing to tell", () => {
    const floor = noiseFloor([column([1, null, 4]), column([3, null, null])], 0.95)!;
    expect(floor.mean).toBe(3);
    expect(floor.high - 3).toBeCloseTo(12.706204736174698 * Math.sqrt(2) * Math.sqrt(1 / 2 + 1.5 / 4), 7);
    expect(noiseFloor([column([1])], 0.95)).toBeUndefined();
    expect(noiseFloor([column([null, null])], 0.95)).toBeUndefined();
    expect(noiseFloor([column([2, 5]), column([2, 5])], 0.95)).toEqual({ mean: 3.5, low: 3.5, high: 3.5 });
  });
});
