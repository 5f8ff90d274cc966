/** What perturbation metrics must satisfy whatever the model: closed forms of linear models, symmetries, bounds; one sample or many. */

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { nodeRuntime } from "../../../../../backlit/src/host/runtime/node.ts";
import { type MetricCase, openCase, rowsOf } from "../../../../test/support/metric-case.ts";
import { model, noise } from "../../../../test/support/run.ts";
import { type Explainer, load } from "../../../explain/index.ts";
import { encodeModelBytes } from "../../../onnx/index.ts";
import { randomValues } from "../../../onnx/parse-tensors.ts";
import { type FloatTensor, sampleOf } from "../../../tensor/float.ts";
import { directionOf, explainingOf, type Judge, judgeOf, type Metric, metrics } from "../../index.ts";
import { unitsOf } from "../../removal/units.ts";
import { boundsByBeam } from "./bounds-by-beam.ts";
import { type Bounds, boundsOf, exactBounds } from "./exact-bounds.ts";

let digits: MetricCase;
let lit: Explainer;
let judge: Judge;
const x = noise([3, 1, 2, 4], 3) as FloatTensor;
const w = randomValues(1, 24);
/** w ⊙ x of class 1: what each pixel gives the logit. */
const shares = (n: number) => Array.from(sampleOf(x, n), (v, i) => v * w[i * 3 + 1]!);
const contributions: FloatTensor = { ...x, data: Float32Array.from([0, 1, 2].flatMap(shares)) };
const sorted = (n: number) => shares(n).sort((a, b) => b - a);
const bias = randomValues(2, 3)[1]!;
const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);

beforeAll(async () => {
  digits = await openCase("digits-28");
  const net = `net (float[N,1,2,4] x) => (float[N,3] y) <float[8,3] w = random(1), float[3] b = random(2)>
    { f = Flatten(x) m = MatMul(f, w) y = Add(m, b) }`;
  lit = await load(encodeModelBytes(model(net)), { runtime: await nodeRuntime() });
  judge = await judgeOf(lit, x, { targets: [[1], [1], [1]] });
});
afterAll(async () => {
  await digits[Symbol.asyncDispose]();
  await lit[Symbol.asyncDispose]();
});

const measured = (metric: string, params: Record<string, unknown> = {}, relevance = contributions) =>
  judge.measure(
    metrics[metric]!,
    { ...(metric !== "average-drop" && { unit: "pixel", score: "logit" }), ...params },
    {
      relevance,
      explaining: explainingOf(lit, { method: "gradient-x-input" }, [[1], [1], [1]]),
    },
  );
const expectEach = (got: ArrayLike<number> | undefined, want: (n: number) => number) => {
  for (const n of [0, 1, 2]) expect(got?.[n]).toBeCloseTo(want(n), 5);
};

describe("windows that overlap", () => {
  const run = (unit: string, relevance = contributions) =>
    measured("deletion", { unit, steps: "every", imputer: "zero", aggregate: "sum" }, relevance);

  test("a stride of the side is the plain grid", async () => {
    expect(await run("grid:2:2")).toEqual(await run("grid:2"));
  });

  test("a position is gone once one of its windows is, and counts once", async () => {
    // Two rows of four: windows of 2 × 2 begin at every position, in raster order, and are cut at the border.
    const positions = [0, 1, 2, 3, 4, 5, 6, 7].map((p) => [p, p + 1, p + 4, p + 5].filter((q) => q < 8 && q % 4 >= p % 4));
    const { curves } = await run("grid:2:1");
    const [curve] = Object.values(curves!);
    for (const n of [0, 1, 2]) {
      const own = shares(n);
      const scores = positions.map((window) => sum(window.map((q) => own[q]!)));
      const order = positions.map((_, u) => u).sort((a, b) => scores[b]! - scores[a]! || a - b);
      const gone = new Set<number>();
      expect(curve!.at[n]![0]).toBe(0);
      order.forEach((u, k) => {
        for (const q of positions[u]!) gone.add(q);
        expect(curve!.at[n]![k + 1]).toBeCloseTo(gone.size / 8, 12);
        expect(curve!.values[n]![k + 1]).toBeCloseTo(bias + sum(own.filter((_, q) => !gone.has(q))), 5);
      });
      expect(curve!.at[n]!.at(-1)).toBe(1);
    }
  });

  test("a stride beyond the side would leave gaps", async () => {
    await expect(run("grid:2:3")).rejects.toThrow(/stride at most the side/);
  });
});

describe("a linear model with pixels set to zero", () => {
  const N = 8;
  const every = { steps: "every" };
  test("areas of both orders, and what is made of them", async () => {
    const auc = (n: number) => bias + sum(sorted(n).map((c, i) => (c * (i + 0.5)) / N));
    expectEach((await measured("deletion", every)).scores.auc, auc);
    expectEach((await measured("selectivity")).scores.auc, auc);
    expectEach(
      (await measured("pixel-flipping", { ...every, imputer: "zero", order: "lerf" })).scores.auc,
      (n) => bias + sum(sorted(n).map((c, i) => (c * (N - i - 0.5)) / N)),
    );
    // Putting back what was gone: the reversed order deleted.
    expectEach(
      (await measured("insertion", { ...every, imputer: "zero" })).scores.auc,
      (n) => bias + sum(sorted(n).map((c, i) => (c * (N - i - 0.5)) / N)),
    );
  });

  test("AOPC, ABPC, NAOPC", async () => {
    const morf = (n: number) => sum(sorted(n).map((c, i) => (c * (N - i)) / (N + 1)));
    const lerf = (n: number) => sum(sorted(n).map((c, i) => (c * (i + 1)) / (N + 1)));
    const region = await measured("aopc", { ...every, imputer: "zero" });
    expectEach(region.scores.aopc, morf);
    expectEach(region.scores.aopc_no_k0, (n) => (morf(n) * (N + 1)) / N);
    expectEach(region.scores.aopc_above_random, (n) => morf(n) - region.scores.aopc_random![n]!);
    expectEach((await measured("abpc", every)).scores.abpc, (n) => morf(n) - lerf(n));
    const best = await measured("naopc");
    expectEach(best.scores.naopc, () => 1);
    expectEach(best.scores.aopc_max, morf);
    expectEach(best.scores.aopc_min, lerf);
    expectEach((await measured("naopc", { order: "lerf" })).scores.naopc, () => 0);
  });

  test("ROAD, sufficiency, comprehensiveness", async () => {
    const value = (n: number, from: number, to = N) => bias + sum(sorted(n).slice(from, to));
    const road = await measured("road", { imputer: "zero", fractions: "0.125,0.3,0.5" });
    expectEach(road.scores.mean_morf, (n) => (value(n, 1) + value(n, 2) + value(n, 4)) / 3);
    expectEach(road.scores.mean_lerf, (n) => (value(n, 0, 7) + value(n, 0, 6) + value(n, 0, 4)) / 3);
    expectEach(road.scores.combined, (n) => (road.scores.mean_lerf![n]! - road.scores.mean_morf![n]!) / 2);
    // ⌈0.05 · 8⌉ = 1, ⌈0.25 · 8⌉ = 2, ⌈0.3 · 8⌉ = 3.
    const fractions = "0.05,0.25,0.3";
    expectEach(
      (await measured("comprehensiveness", { fractions })).scores.comprehensiveness,
      (n) => sum([1, 2, 3].map((k) => value(n, 0) - value(n, k))) / 3,
    );
    expectEach(
      (await measured("sufficiency", { fractions })).scores.sufficiency,
      (n) => sum([1, 2, 3].map((k) => value(n, 0) - value(n, 0, k))) / 3,
    );
  });

  test("a map that is made anew at each step finds the same order, as many units at once as the steps say", async () => {
    const once = await measured("selectivity", { aggregate: "sum" });
    const anew = await measured("selectivity", { recompute: "each-step", aggregate: "sum" });
    expect(anew.scores.auc).toEqual(once.scores.auc);
    const coarse = await measured("selectivity", { recompute: "each-step", aggregate: "sum", steps: "0,3,6" });
    for (const n of [0, 1, 2]) expect(coarse.curves!.order!.values[n]).toEqual(anew.curves!.order!.values[n]);
  });
});

describe("bounds of AOPC", () => {
  test("over subsets: those of all orders one by one", () => {
    const falls = Float64Array.of(0, ...randomValues(5, 31));
    const areas: number[] = [];
    const walk = (subset: number, total: number): void => {
      if (subset === 31) areas.push(total / 6);
      for (let u = 0; u < 5; u++) if (!((subset >> u) & 1)) walk(subset | (1 << u), total + falls[subset | (1 << u)]!);
    };
    walk(0, 0);
    expect(areas.length).toBe(120);
    const { least, largest } = boundsOf(falls);
    expect(least).toBeCloseTo(Math.min(...areas), 12);
    expect(largest).toBeCloseTo(Math.max(...areas), 12);
  });

  test("by beam: within the exact ones, and those where the beam holds all sets", async () => {
    const two = await judgeOf(digits.lit, rowsOf(digits.x, [0, 3]), { targets: [digits.targets[0]!, digits.targets[3]!] });
    const found: (readonly Bounds[])[] = [];
    const looking: Metric = {
      card: { ...metrics.naopc!.card, parameters: { ...metrics.naopc!.card.parameters, beam: { what: "", default: 0 } } },
      measure: async (trial) => {
        const units = unitsOf(trial, "grid:10");
        const of = { ...trial, params: { ...trial.params, unit: "grid:10", imputer: "histogram", repeats: 2 } };
        found.push(await exactBounds(of, units));
        // C(9, 4) = 126 sets at most.
        for (const beam of [1, 3, 126]) found.push(await boundsByBeam({ ...of, params: { ...of.params, beam } }, units, beam));
        return { scores: {} };
      },
    };
    await two.measure(looking, {}, { relevance: rowsOf(digits.heatmap("random"), [0, 3]) });
    const [exact, one, three, all] = found as [readonly Bounds[], ...(readonly Bounds[])[]];
    exact.forEach(({ least, largest }, n) => {
      for (const inner of [one!, three!]) {
        expect(inner[n]!.largest).toBeLessThanOrEqual(largest + 1e-6);
        expect(inner[n]!.least).toBeGreaterThanOrEqual(least - 1e-6);
        expect(inner[n]!.largest).toBeGreaterThan(inner[n]!.least);
      }
      expect(all![n]!.largest).toBeCloseTo(largest, 6);
      expect(all![n]!.least).toBeCloseTo(least, 6);
    });
  });

  test("a beam of one finds those of a linear model", async () => {
    const line = noise([1, 1, 1, 16], 4) as FloatTensor;
    await using long = await load(
      encodeModelBytes(
        model("net (float[N,1,1,16] x) => (float[N,2] y) <float[16,2] w = random(7)> { f = Flatten(x) y = MatMul(f, w) }"),
      ),
      { runtime: await nodeRuntime() },
    );
    const map = await long.explain(line, { method: "gradient-x-input", target: [[0]] });
    const own = await judgeOf(long, line, { targets: [[0]] });
    const { scores } = await own.measure(
      metrics.naopc!,
      { unit: "pixel", score: "logit", beam: 1 },
      { relevance: map.relevance },
    );
    expect(scores.naopc![0]).toBeCloseTo(1, 5);
  });
});

describe("symmetries", () => {
  test("SRG(R) = −SRG(−R) without ties, and 0 where all tie", async () => {
    const map = digits.heatmap("random");
    const negated = { ...map, data: map.data.map((v) => -v) };
    for (const params of [{ unit: "grid:4" }, { unit: "grid:4", imputer: "blur" }]) {
      const { scores } = await digits.measure("srg", params, map);
      const other = await digits.measure("srg", params, negated);
      scores.srg!.forEach((value, n) => {
        expect(other.scores.srg![n]).toBeCloseTo(-value, 12);
        expect(value).not.toBe(0);
      });
      const { scores: flat, ties } = await digits.measure("srg", params, digits.heatmap("constant"));
      expect([...flat.srg!]).toEqual(new Array(8).fill(0));
      expect(ties).toEqual(new Array(8).fill(48));
    }
  });

  test("scores whose direction turns with the order say so", () => {
    const { aopc, deletion } = metrics;
    expect(directionOf(aopc!.card, "aopc", { order: "morf" })).toBe("higher");
    expect(directionOf(aopc!.card, "aopc", { order: "lerf" })).toBe("lower");
    expect(directionOf(aopc!.card, "auc", { order: "lerf" })).toBe("higher");
    expect(directionOf(aopc!.card, "aopc", { order: "random" })).toBeUndefined();
    expect(directionOf(aopc!.card, "aopc_random", { order: "morf" })).toBeUndefined();
    expect(directionOf(deletion!.card, "auc", {})).toBe("lower");
  });
});

const FAMILY = [
  "srg",
  "pixel-flipping",
  "aopc",
  "abpc",
  "naopc",
  "deletion",
  "insertion",
  "selectivity",
  "road",
  "irof",
  "sufficiency",
  "comprehensiveness",
  "average-drop",
];
const SMALL: Record<string, Record<string, unknown>> = {
  "pixel-flipping": { steps: "linear:5" },
  deletion: { steps: "linear:5" },
  insertion: { steps: "linear:5" },
  naopc: { unit: "grid:14" },
  irof: { unit: "slic:12" },
  selectivity: { unit: "grid:7" },
  road: { fractions: "0.2,0.7" },
  abpc: { imputer: "histogram", repeats: 2 },
};

test("every metric of the family is in the test below", () => {
  expect(
    Object.values(metrics)
      .flatMap(({ card }) => (card.family === "perturbation" ? [card.name] : []))
      .sort(),
  ).toEqual([...FAMILY].sort());
});

test.each(FAMILY)("%s: a sample alone and in a batch has the same numbers", async (name) => {
  const map = digits.heatmap("gradient-x-input");
  const whole = await digits.measure(name, SMALL[name] ?? {}, map);
  const alone = await judgeOf(digits.lit, rowsOf(digits.x, [5]), { targets: [digits.targets[5]!], ids: [5] });
  const one = await alone.measure(metrics[name]!, SMALL[name] ?? {}, { relevance: rowsOf(map, [5]) });
  for (const [score, values] of Object.entries(whole.scores)) {
    expect(Number.isFinite(values[5]), score).toBe(true);
    // The runtime's own sums may differ in the last digits with the size of a batch.
    expect(Math.abs(one.scores[score]![0]! - values[5]!), score).toBeLessThan(2e-6);
  }
  for (const [curve, { at, values }] of Object.entries(whole.curves ?? {})) {
    expect(one.curves![curve]!.at[0]).toEqual(at[5]);
    expect(one.curves![curve]!.values[0]!.length).toBe(values[5]!.length);
  }
});

describe("average drop", () => {
  test("a map of ones changes nothing, one without positive relevance is undefined", async () => {
    const ones = { ...x, data: x.data.map(() => 3) };
    const { scores } = await measured("average-drop", {}, ones);
    expect([...scores.average_drop!, ...scores.average_gain!, ...scores.increase!]).toEqual(new Array(9).fill(0));
    const none = await measured("average-drop", {}, { ...x, data: x.data.map((v) => -Math.abs(v)) });
    expect([...none.scores.average_drop!, ...none.scores.increase!]).toEqual(new Array(6).fill(Number.NaN));
  });
});

test("series and tables, and what does not fit", async () => {
  const steps = { steps: "every" };
  const series = noise([2, 2, 12], 5) as FloatTensor;
  await using lines = await load(
    encodeModelBytes(
      model("net (float[N,2,12] x) => (float[N,3] y) <float[24,3] w = random(3)> { f = Flatten(x) y = MatMul(f, w) }"),
    ),
    { runtime: await nodeRuntime() },
  );
  const own = await judgeOf(lines, series);
  for (const imputer of ["zero", "mean", "uniform", "histogram", "blur:1", "road", "diffusion", "invert", "conv"]) {
    const { scores } = await own.measure(metrics.aopc!, { unit: "grid:3", imputer, ...steps }, { relevance: series });
    expect([...scores.aopc!].every(Number.isFinite), imputer).toBe(true);
  }
  expect((await own.measure(metrics.naopc!, {}, { relevance: series })).curves!.score!.at[0]!.length).toBe(7);
  const fresh = await judgeOf(lit, x, { targets: [[1], [1], [1]] });
  const bad: readonly (readonly [string, Record<string, unknown>])[] = [
    ["aopc", { steps: "1,2" }],
    ["road", { fractions: "0.5,0.1" }],
    ["sufficiency", { fractions: "2" }],
    ["deletion", { imputer: "nothing" }],
    ["deletion", { imputer: "patches" }],
  ];
  for (const [name, params] of bad)
    await expect(fresh.measure(metrics[name]!, { unit: "pixel", ...params }, { relevance: contributions })).rejects.toMatchObject(
      { _tag: params.imputer === "patches" ? "BadInput" : "BadRecipe" },
    );
  // What was begun before an error is not taken for done.
  const after = await fresh.measure(metrics.deletion!, { unit: "pixel" }, { relevance: contributions });
  expect(after.scores).toEqual((await measured("deletion", { score: "probability" })).scores);
  await expect(
    judge.measure(metrics.selectivity!, { recompute: "each-step" }, { relevance: contributions }),
  ).rejects.toMatchObject({ _tag: "BadRecipe" });
});

test("the runner-up of a dense output is the other class at the same position", async () => {
  const net = `net (float[N,2,1,3] x) => (float[N,3,1,3] y) <float[3,2,1,1] w = random(3)> { z = Conv(x, w) y = Softmax <axis=1> (z) }`;
  await using dense = await load(encodeModelBytes(model(net)), { runtime: await nodeRuntime() });
  const pixels = noise([2, 2, 1, 3], 5) as FloatTensor;
  const targets = [
    [0, 2],
    [2, 0],
  ];
  const flipped = await (await judgeOf(dense, pixels, { targets })).measure(
    metrics["pixel-flipping"]!,
    { imputer: "zero" },
    { relevance: pixels },
  );
  const { output } = await dense.explain(pixels, { method: "gradient", target: "0,0" });
  for (const [n, [own, at]] of targets.entries()) {
    const others = [0, 1, 2].filter((c) => c !== own).map((c) => (output.data as Float32Array)[n * 9 + c * 3 + at!]!);
    expect(flipped.curves!.runner_up!.values[n]![0]).toBeCloseTo(Math.max(...others), 6);
  }
});
