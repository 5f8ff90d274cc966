/** The metrics of faithfulness on entries of conformance/metrics, at the stored tolerances. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { expectScalars, type MetricCase, openCase } from "../../../../test/support/metric-case.ts";
import type { Tensor } from "../../../tensor/tensor.ts";
import { judgeOf, metrics } from "../../index.ts";

let digits: MetricCase;
beforeAll(async () => {
  digits = await openCase("digits-28");
});
afterAll(() => digits[Symbol.asyncDispose]());

interface Entry {
  readonly params: Readonly<Record<string, unknown>>;
  /** Files of the case, by the name they are given under. */
  readonly given?: Readonly<Record<string, string>>;
}

const grid = { unit: "grid:4", score: "logit" };
const pixel = { unit: "pixel", score: "logit" };
const noise = { params: { ...grid, imputer: "given", repeats: 2 }, given: { snapshots: "imputers/uniform.npy" } };
const sizes = [4, 16, 64, 256];

const ENTRIES: Readonly<Record<string, Entry>> = {
  "faithfulness-correlation-gxi-probability-mean": {
    params: { unit: "pixel", imputer: "mean" },
    given: { subsets: "subsets/pixels.npy" },
  },
  "faithfulness-correlation-constant": { params: pixel, given: { subsets: "subsets/pixels.npy" } },
  mufidelity: { params: { ...grid, imputer: "mean" }, given: { subsets: "subsets/grid.npy" } },
  "faithfulness-estimate-grid": { params: { unit: "grid:4", imputer: "mean" } },
  "sensitivity-n": {
    params: { ...pixel, n: sizes.join() },
    given: Object.fromEntries(sizes.map((n) => [`subsets-${n}`, `subsets/sensitivity-${n}.npy`])),
  },
  "infidelity-gaussian": { params: { perturbation: "gaussian" }, given: { perturbations: "perturbations/gaussian.npy" } },
  "infidelity-square": { params: { perturbation: "square", size: 5 }, given: { squares: "perturbations/squares.npy" } },
  "monotonicity-arya-abs-ascending": { params: { ...grid, imputer: "mean" } },
  "monotonicity-arya-lerf": { params: { ...grid, imputer: "mean", order: "lerf" } },
  "monotonicity-nguyen-gradient-x-input": noise,
  "monotonicity-nguyen-random": noise,
};

test.each(Object.keys(ENTRIES))("%s", async (id) => {
  const expected = digits.expected.find((entry) => entry.id === id)!;
  const { params, given = {} } = ENTRIES[id]!;
  const judge = await judgeOf(digits.lit, digits.x, {
    targets: digits.targets,
    given: Object.fromEntries(Object.entries(given).map(([name, file]): [string, Tensor] => [name, digits.npy(file)])),
  });
  const { scores, curves } = await judge.measure(metrics[expected.metric]!, params, {
    relevance: digits.heatmap(expected.relevance),
  });
  expectScalars(expected, (name) => scores[name]);
  for (const [name, { file, tolerance }] of Object.entries(expected.curves ?? {})) {
    const want = digits.npy(file);
    const got = curves?.[name]?.values.flatMap((of) => [...of]) ?? [];
    expect(got.length, name).toBe(want.data.length);
    const worst = got.reduce((most, value, i) => Math.max(most, Math.abs(value - Number(want.data[i]))), 0);
    expect(worst, name).toBeLessThanOrEqual(tolerance);
  }
});

test("closed forms of a linear model", async () => {
  await using linear = await openCase("oracle-linear");
  const measured = async (
    metric: string,
    params: object,
    map: string,
    given: Readonly<Record<string, Tensor>> = {},
    scale = 1,
  ) => {
    const judge = await judgeOf(linear.lit, linear.x, { targets: linear.targets, given });
    const heatmap = linear.heatmap(map);
    const relevance = { ...heatmap, data: heatmap.data.map((value) => scale * value) };
    return (await judge.measure(metrics[metric]!, { ...params }, { relevance })).scores;
  };
  const expected = (id: string) => linear.expected.find((entry) => entry.id === id)!;
  const subsets = linear.npy("subsets/pixels.npy");
  const correlation = await measured("faithfulness-correlation", pixel, "contribution", { subsets });
  expectScalars(expected("faithfulness-correlation"), (name) => correlation[name]);
  const estimate = await measured("faithfulness-estimate", pixel, "contribution");
  expectScalars(expected("faithfulness-estimate"), (name) => estimate[name]);
  const arya = await measured("monotonicity-arya", pixel, "contribution");
  expectScalars(expected("monotonicity-arya"), (name) => arya[name]);
  const perturbations = linear.npy("perturbations/gaussian.npy");
  const [whole, half] = await Promise.all(
    [1, 0.5].map((scale) => measured("infidelity", { perturbation: "gaussian" }, "gradient", { perturbations }, scale)),
  );
  expectScalars(expected("infidelity"), (name) => (name.includes("half") ? half![name.replace("_half", "")] : whole![name]));
});
