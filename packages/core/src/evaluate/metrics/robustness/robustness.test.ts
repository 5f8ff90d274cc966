/** The metrics of robustness: golden values, numbers that can be worked out by hand, and what all of them have in common. */

import { describe, expect, test } from "vitest";
import { nodeRuntime } from "../../../../../backlit/src/host/runtime/node.ts";
import { expectScalars, openCase } from "../../../../test/support/metric-case.ts";
import { floats, model, noise } from "../../../../test/support/run.ts";
import { type ExplainOptions, load } from "../../../explain/index.ts";
import { encodeModelBytes } from "../../../onnx/index.ts";
import type { FloatTensor } from "../../../tensor/float.ts";
import { type Explaining, explainingOf, type JudgeOptions, judgeOf, type Measured, memo, metrics } from "../../index.ts";

const METHOD: ExplainOptions = { method: "gradient-x-input" };

interface Given extends JudgeOptions {
  readonly net: string;
  readonly method?: ExplainOptions;
  readonly relevance?: FloatTensor;
  readonly explaining?: (real: Explaining) => Explaining | undefined;
}

const measure = async (
  metric: string,
  params: Readonly<Record<string, unknown>>,
  x: FloatTensor,
  { net, method = METHOD, relevance, explaining = (real) => real, ...options }: Given,
): Promise<Measured> => {
  await using lit = await load(encodeModelBytes(model(net)), { runtime: await nodeRuntime() });
  const judge = await judgeOf(lit, x, options);
  const { targets } = judge.model;
  const map = relevance ?? (await lit.explain(x, { ...method, target: targets })).relevance;
  const how = explaining(explainingOf(lit, method, targets));
  return await judge.measure(metrics[metric]!, params, { relevance: map, ...(how && { explaining: how }) });
};

describe("max-sensitivity", () => {
  test("meets the golden values, by explaining and with maps that are given", async () => {
    await using digits = await openCase("digits-28");
    const expected = digits.expected.find(({ id }) => id === "max-sensitivity")!;
    const perturbations = digits.npy("perturbations/uniform-ball.npy");
    const explanations = digits.npy("perturbations/explanations.npy");
    const relevance = digits.heatmap("gradient-x-input");
    for (const given of [{ perturbations, explanations }, { perturbations }]) {
      const judge = await judgeOf(digits.lit, digits.x, { targets: digits.targets, given });
      const explaining = explainingOf(digits.lit, METHOD, digits.targets);
      const { scores, curves } = await judge.measure(metrics["max-sensitivity"]!, {}, { relevance, explaining });
      expectScalars(expected, (name) => scores[name]);
      const want = digits.npy("expected/max-sensitivity.ratio.npy").data;
      curves!.ratio!.values.forEach((of, n) => {
        of.forEach((value, k) => {
          expect(Math.abs(value - Number(want[n * of.length + k]))).toBeLessThan(2.1e-6);
        });
      });
    }
  });

  test("of a linear model is max ‖w ⊙ δ‖ / ‖w ⊙ x‖, exactly where the maps are exact", async () => {
    await using linear = await openCase("oracle-linear");
    const expected = linear.expected.find(({ id }) => id === "max-sensitivity")!;
    const perturbations = linear.npy("perturbations/uniform-ball.npy");
    const w = linear.heatmap("gradient").data;
    const { dims, data: x } = linear.x;
    // The stored tolerance is below float32: maps in float64.
    const relevance = { dims, data: Float64Array.from(x, (value, i) => w[i]! * value) } as unknown as FloatTensor;
    const moved = (move: number, i: number) => w[i % x.length]! * (x[i % x.length]! + move);
    const data = Float64Array.from(perturbations.data as Float32Array, moved);
    const explanations = { type: "float64", dims: perturbations.dims, data } as const;
    const judge = await judgeOf(linear.lit, linear.x, { targets: linear.targets, given: { perturbations, explanations } });
    const { scores } = await judge.measure(metrics["max-sensitivity"]!, {}, { relevance });
    expectScalars(expected, (name) => scores[name]);
  });

  test("of a gradient of a linear model is 0", async () => {
    const net = "net (float[N,4] x) => (float[N,3] y) <float[4,3] w = random(1)> { y = MatMul(x, w) }";
    const { scores } = await measure("max-sensitivity", {}, noise([2, 4], 2) as FloatTensor, {
      net,
      method: { method: "gradient" },
    });
    for (const name of ["max_sensitivity", "avg_sensitivity", "local_lipschitz"]) expect([...scores[name]!]).toEqual([0, 0]);
  });
});

describe("relative stability", () => {
  // Logits (x₁, 2x₂), through a layer of (x₁, x₂, 0).
  const net = `net (float[N,2] x) => (float[N,2] y) <float[2,3] v = {1,0,0, 0,1,0}, float[3,2] w = {1,0, 0,2, 1,1}>
    { h = MatMul(x, v) r = Relu(h) y = MatMul(r, w) }`;
  const x = floats([1, 2], [1, 2]) as FloatTensor;
  const relevance = floats([1, 2], [0, 4]) as FloatTensor;
  // Three neighbours: (1.5, 2), (1, 3), and (9, 2) of the other class.
  const given = {
    perturbations: floats([3, 1, 2], [0.5, 0, 0, 1, 8, 0]),
    explanations: floats([3, 1, 2], [3e-6, 0, 0, 6, 100, 100]),
  };
  const of = (metric: string, params = {}, more: Partial<Given> = {}) =>
    measure(metric, params, x, { net, relevance, given, explaining: () => undefined, ...more });

  test("is the relative change of the map by that of the input, of the logits or of an inner value", async () => {
    // Relative changes of the map: (3e-6 / 1e-6, 4 / 4) and (0, 2 / 4).
    const map = [Math.hypot(3, 1), 0.5];
    const by = async (metric: string, changes: readonly number[], params = {}) => {
      const { scores, curves } = await of(metric, params);
      const ratios = changes.map((change, k) => map[k]! / change);
      expect(scores[metric.replaceAll("-", "_")]![0]).toBeCloseTo(Math.max(...ratios), 4);
      expect(scores.same_class![0]).toBeCloseTo(2 / 3, 10);
      const [ratio] = curves!.ratio!.values;
      expect(ratio![1]).toBeCloseTo(ratios[1]!, 4);
      expect(ratio![2]).toBeNaN();
    };
    await by("relative-input-stability", [0.5, 0.5]);
    await by("relative-output-stability", [0.5, 2]);
    await by("relative-representation-stability", [0.5, 0.5], { layer: "r" });
    await by("relative-representation-stability", [0.5, 0.5], { layer: "y" });
  });

  test("is undefined where no neighbour keeps the class", async () => {
    const far = { perturbations: floats([1, 1, 2], [8, 0]), explanations: floats([1, 1, 2], [1, 1]) };
    const { scores } = await of("relative-output-stability", {}, { given: far });
    expect([scores.relative_output_stability![0], scores.same_class![0]]).toEqual([Number.NaN, 0]);
  });

  test("finds the inner value the last layer takes in, and says where there is none", async () => {
    const { scores } = await measure("relative-representation-stability", {}, x, { net });
    const named = await measure("relative-representation-stability", { layer: "r" }, x, { net });
    expect(scores).toEqual(named.scores);
    const refused = (params: object, more: Given) =>
      expect(measure("relative-representation-stability", { ...params }, x, more)).rejects.toMatchObject({ _tag: "BadRecipe" });
    await refused({ layer: "nothing" }, { net });
    await refused({}, { net: "net (float[N,2] x) => (float[N,2] y) <float[2,2] w = random(1)> { y = MatMul(x, w) }" });
    await refused({}, { net, given, explaining: () => undefined });
  });
});

describe("continuity", () => {
  const net = `net (float[N,1,12,12] x) => (float[N,3] y) <float[4,1,3,3] k = random(1), float[4,3] w = random(2)>
    { c = Conv <pads=[1,1,1,1]> (x, k) r = Relu(c) g = GlobalAveragePool(r) f = Flatten(g) y = MatMul(f, w) }`;
  const inside = (at: number) => [at % 12, Math.floor(at / 12)].every((side) => side >= 4 && side < 8);
  const spot = {
    ...noise([1, 1, 12, 12], 3),
    data: new Float32Array(144).map((_, i) => (inside(i) ? Math.sin(3 * i) : 0)),
  } as FloatTensor;

  test("is 1 where model and map move with the input", async () => {
    const { scores, curves } = await measure("continuity", { shifts: 3 }, spot, { net });
    expect(scores.correlation![0]).toBeCloseTo(1, 5);
    expect(scores.score_change![0]).toBeCloseTo(0, 5);
    expect([...curves!.correlation!.at[0]!]).toEqual([1, 2, 3]);
  });

  test("of a map that stays where it is falls with the shift", async () => {
    const relevance = {
      ...spot,
      data: spot.data.map((_, i) => Math.exp(-(((i % 12) - 6) ** 2 + (Math.floor(i / 12) - 6) ** 2) / 8)),
    };
    const explaining = (real: Explaining): Explaining => ({
      ...real,
      maps: async ({ dims }) => ({
        type: "float32",
        dims,
        data: Float32Array.from({ length: dims[0]! * 144 }, (_, i) => relevance.data[i % 144]!),
      }),
    });
    const { scores, curves } = await measure("continuity", { shifts: 3 }, spot, { net, relevance, explaining });
    const [one, two, three] = curves!.correlation!.values[0]!;
    expect(one).toBeLessThan(0.99);
    expect(two).toBeLessThan(one!);
    expect(three).toBeLessThan(two!);
    expect(scores.variation![0]).toBe(0);
  });

  test("variation is the change of the map, ‖·‖₁, by that of the input, ‖·‖₂", async () => {
    const series =
      "net (float[N,1,4] x) => (float[N,2] y) <float[4,2] w = {1,0, 2,0, 3,0, 4,0}> { f = Flatten(x) y = MatMul(f, w) }";
    const { scores } = await measure("continuity", { shifts: 1 }, floats([1, 1, 4], [0, 5, 0, 0]) as FloatTensor, {
      net: series,
    });
    // w x is (0, 10, 0, 0); shifted (0, 0, 15, 0) and (5, 0, 0, 0).
    expect(scores.variation![0]).toBeCloseTo(25 / Math.hypot(5, 5), 5);
  });

  test("needs positions", async () => {
    const table = "net (float[N,4] x) => (float[N,2] y) <float[4,2] w = random(1)> { y = MatMul(x, w) }";
    await expect(measure("continuity", {}, noise([1, 4], 1) as FloatTensor, { net: table })).rejects.toMatchObject({
      _tag: "BadRecipe",
    });
  });
});

const NET = `net (float[N,2,6,5] x) => (float[N,3] y) <float[4,2,3,3] k = random(1), float[80,3] w = random(2)>
  { c = Conv <pads=[0,1,0,1]> (x, k) r = Relu(c) f = Flatten(r) y = MatMul(f, w) }`;
const ALL = Object.values(metrics)
  .filter(({ card }) => card.family === "robustness")
  .map(({ card }) => card.name);

describe("all metrics of robustness", () => {
  const x = noise([3, 2, 6, 5], 4) as FloatTensor;
  const second: FloatTensor = { ...x, dims: [1, 2, 6, 5], data: x.data.slice(60, 120) };

  test.each(ALL)("%s does not depend on the other samples", async (metric) => {
    const together = await measure(metric, {}, x, { net: NET });
    const alone = await measure(metric, {}, second, { net: NET, ids: [1] });
    for (const [name, values] of Object.entries(together.scores)) {
      expect(values[1]).not.toBeNaN();
      expect(Math.abs(alone.scores[name]![0]! / values[1]! - 1), name).toBeLessThan(1e-3);
    }
  });

  test.each(ALL.filter((name) => name !== "continuity"))("%s draws by the seed", async (metric) => {
    const by = async (seed: number) => (await measure(metric, {}, x, { net: NET, seed })).curves;
    expect(await by(1)).toEqual(await by(1));
    expect(await by(1)).not.toEqual(await by(2));
  });

  test.each(ALL)("%s says that finished maps are not enough", async (metric) => {
    const failed = measure(metric, metric.includes("representation") ? { layer: "r" } : {}, x, {
      net: NET,
      explaining: () => undefined,
    });
    await expect(failed).rejects.toMatchObject({ _tag: "BadRecipe", message: expect.stringContaining("explain") });
  });

  test("those with the same neighbours explain them once", async () => {
    await using lit = await load(encodeModelBytes(model(NET)), { runtime: await nodeRuntime() });
    const judge = await judgeOf(lit, x);
    const real = explainingOf(lit, METHOD, judge.model.targets);
    let asked = 0;
    const explaining: Explaining = {
      ...real,
      maps: (inputs, ...rest) => {
        asked += inputs.dims[0]!;
        return real.maps(inputs, ...rest);
      },
    };
    const { relevance } = await lit.explain(x, METHOD);
    const kept = memo();
    for (const metric of ALL.filter((name) => name !== "continuity"))
      await judge.measure(metrics[metric]!, {}, { relevance, explaining, memo: kept });
    expect(asked).toBe(30);
  });
});
