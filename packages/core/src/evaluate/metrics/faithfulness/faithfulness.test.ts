/** The metrics of faithfulness where the answer is known: linear models; and what all of them have in common. */

import { describe, expect, test } from "vitest";
import { nodeRuntime } from "../../../../../backlit/src/host/runtime/node.ts";
import { floats, ints, model, noise } from "../../../../test/support/run.ts";
import { load } from "../../../explain/index.ts";
import { encodeModelBytes } from "../../../onnx/index.ts";
import { randomValues } from "../../../onnx/parse-tensors.ts";
import { meterOf } from "../../../oracle/meter.ts";
import type { FloatTensor } from "../../../tensor/float.ts";
import { type JudgeOptions, judgeOf, metrics } from "../../index.ts";

const LINEAR = `net (float[N,2,6,5] x) => (float[N,3] y) <float[60,3] w = random(1), float[3] b = random(2)>
  { f = Flatten(x) m = MatMul(f, w) y = Add(m, b) }`;
const CURVED = `net (float[N,2,6,5] x) => (float[N,3] y) <float[60,8] v = random(3), float[8,3] w = random(4)>
  { f = Flatten(x) h = MatMul(f, v) r = Relu(h) y = MatMul(r, w) }`;
const CLASS = 1;
const x = noise([3, 2, 6, 5], 5) as FloatTensor;
const weights = randomValues(1, 180).filter((_, i) => i % 3 === CLASS);
const mapped = (map: (value: number, weight: number) => number): FloatTensor => ({
  ...x,
  data: x.data.map((value, i) => map(value, weights[i % 60]!)),
});
const contribution = mapped((value, weight) => value * weight);
const gradient = mapped((_, weight) => weight);

const measure = async (
  metric: string,
  params: Readonly<Record<string, unknown>>,
  relevance: FloatTensor,
  { net = LINEAR, at = x, ...options }: JudgeOptions & { readonly net?: string; readonly at?: FloatTensor } = {},
) => {
  await using lit = await load(encodeModelBytes(model(net)), { runtime: await nodeRuntime() });
  const targets = Array.from({ length: at.dims[0]! }, () => [CLASS]);
  const judge = await judgeOf(lit, at, { targets, ...options });
  return await judge.measure(metrics[metric]!, params, { relevance });
};
const close = (got: Float64Array | undefined, want: number, tolerance = 1e-5) => {
  expect(got).toHaveLength(3);
  for (const value of got!) expect(Math.abs(value - want)).toBeLessThan(tolerance);
};

describe("of a linear model, weight × input is faithful:", () => {
  const logit = { score: "logit" };
  test.each([
    ["faithfulness-correlation", { unit: "pixel", ...logit }, "correlation"],
    ["faithfulness-correlation", { unit: "grid:2", size: 3, ...logit }, "correlation"],
    ["mufidelity", { unit: "grid:2", ...logit }, "correlation"],
    ["faithfulness-estimate", { unit: "pixel", ...logit }, "correlation"],
    ["faithfulness-estimate", { unit: "feature", ...logit }, "correlation"],
    ["sensitivity-n", { unit: "pixel" }, "mean_over_n"],
    ["sensitivity-n", { unit: "feature", n: "1,30,59" }, "mean_over_n"],
    ["monotonicity-nguyen", { unit: "pixel", imputer: "zero", ...logit }, "correlation"],
  ])("%s %o", async (metric, params, score) => {
    close((await measure(metric, params, contribution)).scores[score], 1);
    const others = (await measure(metric, params, noise([3, 2, 6, 5], 9) as FloatTensor)).scores[score]!;
    for (const value of others) expect(Math.abs(value)).toBeLessThan(0.9);
  });

  test("infidelity is 0 and its scale 1; of half the map the scale is 2", async () => {
    const square = await measure("infidelity", { size: 2 }, contribution);
    const noisy = await measure("infidelity", { perturbation: "gaussian" }, gradient);
    for (const { scores } of [square, noisy]) {
      close(scores.infidelity, 0, 1e-9);
      close(scores.infidelity_scaled, 0, 1e-9);
      close(scores.beta, 1);
    }
    const half = await measure(
      "infidelity",
      { perturbation: "gaussian" },
      mapped((_, weight) => weight / 2),
    );
    close(half.scores.beta, 2, 1e-4);
    close(half.scores.infidelity_scaled, 0, 1e-9);
    for (const [n, value] of half.scores.infidelity!.entries()) {
      const delta = half.curves!.delta!.values[n]!;
      expect(value).toBeCloseTo(delta.reduce((sum, d) => sum + (d / 2) ** 2, 0) / delta.length, 6);
    }
  });

  test("infidelity by noise is undefined where the map has no channels", async () => {
    const flat = noise([3, 1, 6, 5], 2) as FloatTensor;
    expect((await measure("infidelity", { perturbation: "gaussian" }, flat)).scores.infidelity![0]).toBeNaN();
    expect((await measure("infidelity", {}, flat)).scores.infidelity![0]).toBeGreaterThan(0);
  });

  test("monotonicity counts the contributions that are not negative", async () => {
    const params = { unit: "pixel", score: "logit", tolerance: 0 };
    const { scores } = await measure("monotonicity-arya", params, contribution);
    const shares = [0, 1, 2].map((n) => {
      const pixels = Array.from({ length: 30 }, (_, p) => contribution.data[n * 60 + p]! + contribution.data[n * 60 + 30 + p]!);
      return pixels.filter((value) => value >= 0).length / 30;
    });
    shares.forEach((share, n) => {
      expect(scores.share![n]).toBeCloseTo(share, 10);
    });
    expect([...scores.monotone!]).toEqual([0, 0, 0]);
    // An input whose every contribution is positive.
    const at: FloatTensor = { ...x, data: x.data.map((value, i) => Math.abs(value) * Math.sign(weights[i % 60]!)) };
    const rising = await measure(
      "monotonicity-arya",
      params,
      { ...at, data: at.data.map((v, i) => v * weights[i % 60]!) },
      { at },
    );
    expect([...rising.scores.share!, ...rising.scores.monotone!]).toEqual([1, 1, 1, 1, 1, 1]);
  });
});

const ALL: readonly (readonly [string, Readonly<Record<string, unknown>>])[] = [
  ["faithfulness-correlation", { unit: "grid:2", subsets: 20 }],
  ["mufidelity", { unit: "grid:2", subsets: 20 }],
  ["faithfulness-estimate", { unit: "grid:2" }],
  ["sensitivity-n", { unit: "grid:2", subsets: 10 }],
  ["infidelity", { samples: 10 }],
  ["infidelity", { samples: 10, perturbation: "gaussian" }],
  ["monotonicity-arya", { unit: "grid:2" }],
  ["monotonicity-nguyen", { unit: "grid:2" }],
];
const DRAWN = ALL.filter(([metric]) => !["faithfulness-estimate", "monotonicity-arya"].includes(metric));

describe("of any model:", () => {
  const map = noise([3, 2, 6, 5], 6) as FloatTensor;
  const second = (of: FloatTensor): FloatTensor => ({ ...of, dims: [1, 2, 6, 5], data: of.data.slice(60, 120) });

  test.each(ALL)("%s %o does not depend on the other samples", async (metric, params) => {
    const range = { low: [-1], high: [1] };
    const together = await measure(metric, params, map, { net: CURVED, range });
    const alone = await measure(metric, params, second(map), { net: CURVED, range, at: second(x), ids: [1] });
    for (const [name, values] of Object.entries(together.scores)) expect(alone.scores[name]![0]).toBeCloseTo(values[1]!, 5);
  });

  test.each(DRAWN)("%s %o draws by the seed", async (metric, params) => {
    const by = async (seed: number) => (await measure(metric, params, map, { net: CURVED, seed })).curves;
    expect(await by(1)).toEqual(await by(1));
    expect(await by(1)).not.toEqual(await by(2));
  });

  test.each(ALL.filter(([metric]) => metric !== "monotonicity-arya"))(
    "%s %o asks the model once for all heatmaps",
    async (metric, params) => {
      await using lit = await load(encodeModelBytes(model(CURVED)), { runtime: await nodeRuntime() });
      let rows = 0;
      const meter = meterOf((done) => {
        rows = done;
      });
      const judge = await judgeOf(lit, x, { meter });
      await judge.measure(metrics[metric]!, params, { relevance: map });
      const first = rows;
      expect(first).toBeGreaterThan(3);
      await judge.measure(metrics[metric]!, params, { relevance: x });
      expect(rows).toBe(first);
    },
  );
});

test("a score that stays where it was has not fallen, with no tolerance either", async () => {
  const still = `net (float[N,2,6,5] x) => (float[N,3] y) <float[60,3] w = {${Array.from({ length: 180 }, () => 0)}}> { f = Flatten(x) y = MatMul(f, w) }`;
  const params = { unit: "grid:2", score: "logit", tolerance: 0 };
  const { scores } = await measure("monotonicity-arya", params, contribution, { net: still });
  expect([...scores.share!, ...scores.monotone!]).toEqual([1, 1, 1, 1, 1, 1]);
});

test("what does not fit is an error", async () => {
  const given = (name: string, of: ReturnType<typeof ints>) => ({ given: { [name]: of } });
  const subsets = ints([1, 2], [0, 30]);
  await expect(measure("faithfulness-correlation", { unit: "pixel" }, x, given("subsets", subsets))).rejects.toMatchObject({
    _tag: "BadInput",
  });
  for (const n of ["0", "31", "2.5", "x", ""])
    await expect(measure("sensitivity-n", { unit: "pixel", n }, x)).rejects.toMatchObject({ _tag: "BadRecipe" });
  const perturbations = floats([2, 1, 2, 6, 5], new Array(120).fill(0));
  await expect(measure("infidelity", { perturbation: "gaussian" }, x, { given: { perturbations } })).rejects.toMatchObject({
    _tag: "BadInput",
  });
  await expect(measure("infidelity", {}, x, given("squares", ints([1, 3], [0, 0, 0])))).rejects.toMatchObject({
    _tag: "BadInput",
  });
});
