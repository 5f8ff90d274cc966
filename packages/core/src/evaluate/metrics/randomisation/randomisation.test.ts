/** Do the randomisation metrics tell methods that follow the model from those that do not? And are they repeatable? */

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { nodeRuntime } from "../../../../../backlit/src/host/runtime/node.ts";
import { type MetricCase, openCase, rowsOf } from "../../../../test/support/metric-case.ts";
import { model, noise } from "../../../../test/support/run.ts";
import { load } from "../../../explain/index.ts";
import { randomBy } from "../../../numeric/random.ts";
import { encodeModelBytes, readFloats } from "../../../onnx/index.ts";
import type { FloatTensor } from "../../../tensor/float.ts";
import { type EvaluationTask, evaluate, explainingOf, judgeOf, type Measured, metrics } from "../../index.ts";
import { forget } from "./weights.ts";

let at: MetricCase;
beforeAll(async () => {
  at = await openCase("digits-28");
});
afterAll(() => at[Symbol.asyncDispose]());

const gradient = { method: "gradient" } as const;
const zplus = { composite: { name: "zplus" } } as const;
const mean = (values: ArrayLike<number>) => Array.from(values).reduce((a, b) => a + b, 0) / values.length;
const FEW: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  mprt: { steps: 1 },
  "smooth-mprt": { samples: 2, steps: 1 },
  "cosine-convergence": { pairs: 2 },
};
const FAMILY = ["mprt", "smooth-mprt", "efficient-mprt", "random-logit", "cosine-convergence"];

describe("weights drawn anew", () => {
  const net = model(`net (float[N,60] x) => (float[N,40] y) <float[60,60] u = random(1), float[60,40] v = random(2)>
    { h = MatMul(x, u) y = MatMul(h, v) }`);
  const layers = [["u"], ["v"]];
  const drawn = (chosen: readonly number[], how: string, draw = 0) =>
    forget({ layers, chosen, how, random: randomBy(1), draw })(net).graph.initializer.map((tensor) => readFloats(tensor));
  const [u, v] = net.graph.initializer.map((tensor) => readFloats(tensor)) as [Float32Array, Float32Array];

  test("are normal with the tensor's own deviation, or a permutation; other layers stay", () => {
    const [normal, kept] = drawn([0], "normal");
    expect(kept).toEqual(v);
    expect(Math.abs(mean(normal!))).toBeLessThan(0.02);
    expect(mean(normal!.map((w) => w * w))).toBeCloseTo(1 / 12, 2);
    expect(Math.max(...normal!)).toBeGreaterThan(0.9); // the old ones end at 0.5
    const [permuted] = drawn([0], "permutation");
    expect(permuted).not.toEqual(u);
    expect(permuted!.toSorted()).toEqual(u.toSorted());
  });

  test("are the same whichever other layers forget, and others in the next draw", () => {
    expect(drawn([0, 1], "normal")[1]).toEqual(drawn([1], "normal")[1]);
    expect(drawn([1], "normal", 1)[1]).not.toEqual(drawn([1], "normal")[1]);
  });
});

describe("model parameter randomisation", () => {
  test("maps of the gradient change, those of z⁺ hardly", async () => {
    const plain = await at.judged("mprt", {}, gradient);
    const positive = await at.judged("mprt", {}, zplus);
    for (const curve of plain.curves!.spearman!.values) {
      expect(curve[0]).toBeCloseTo(1, 12);
      expect(Math.max(...curve.subarray(1))).toBeLessThan(0.5);
    }
    expect(Math.abs(mean(plain.scores.spearman!))).toBeLessThan(0.15);
    expect(Math.min(...positive.scores.spearman!)).toBeGreaterThan(0.95);
    expect(mean(positive.scores.ssim!)).toBeGreaterThan(mean(plain.scores.ssim!) + 0.5);
    expect(Array.from(plain.curves!.spearman!.at[0]!)).toEqual([0, 1 / 3, 2 / 3, 1]);
    expect(plain.scores.spearman_last![2]).toBe(plain.curves!.spearman!.values[2]!.at(-1));
  });

  test("goes top-down, bottom-up or layer by layer, in as many steps as asked for", async () => {
    const curve = async (params: object) => (await at.judged("mprt", { ...params }, gradient, [0])).curves!.spearman!;
    const [down, up, alone] = [await curve({}), await curve({ from: "bottom-up" }), await curve({ from: "independent" })];
    const value = ({ values }: { values: readonly Float64Array[] }, step: number) => values[0]![step]!;
    expect(value(down, 3)).toBe(value(up, 3)); // all layers have forgotten
    expect(value(alone, 1)).toBe(value(down, 1)); // the last layer
    expect(value(alone, 3)).toBe(value(up, 1)); // the first layer
    expect(value(alone, 2)).not.toBe(value(down, 2));
    const short = await curve({ steps: 1 });
    expect(Array.from(short.at[0]!)).toEqual([0, 1]);
    expect(value(short, 1)).toBe(value(down, 3));
  });

  test("smoothed maps tell the same; without noise they are the plain ones", async () => {
    const params = { samples: 4, steps: 1 };
    const [plain, positive] = [await at.judged("smooth-mprt", params, gradient), await at.judged("smooth-mprt", params, zplus)];
    expect(Math.abs(mean(plain.scores.spearman!))).toBeLessThan(0.3);
    expect(mean(positive.scores.spearman!)).toBeGreaterThan(0.9);
    const still = await at.judged("smooth-mprt", { ...params, noise: 0 }, gradient);
    const once = await at.judged("mprt", { steps: 1 }, gradient);
    still.scores.spearman!.forEach((value, n) => {
      expect(value).toBeCloseTo(once.scores.spearman![n]!, 2); // means of equal maps, rounded: ties
    });
  });
});

test("maps of a table have ranks, but no structure", async () => {
  const net = `net (float[N,6] x) => (float[N,3] y) <float[6,8] u = random(1), float[8,3] v = random(2)>
    { z = MatMul(x, u) h = Relu(z) y = MatMul(h, v) }`;
  await using lit = await load(encodeModelBytes(model(net)), { runtime: await nodeRuntime() });
  const x = noise([2, 6], 3) as FloatTensor;
  const targets = [[1], [0]];
  const { relevance } = await lit.explain(x, { ...gradient, target: targets });
  const explaining = explainingOf(lit, gradient, targets);
  expect(explaining.layers).toEqual([["u"], ["v"]]);
  const { scores } = await (await judgeOf(lit, x, { targets })).measure(metrics.mprt!, {}, { relevance, explaining });
  expect(Array.from(scores.ssim!)).toEqual([Number.NaN, Number.NaN]);
  for (const value of scores.spearman!) expect(Math.abs(value)).toBeLessThan(1);
});

describe("random logit", () => {
  test("maps of another class differ for the gradient, hardly for z⁺", async () => {
    expect(Math.max(...(await at.judged("random-logit", {}, gradient)).scores.spearman!)).toBeLessThan(0.5);
    expect(Math.min(...(await at.judged("random-logit", {}, zplus)).scores.spearman!)).toBeGreaterThan(0.95);
  });

  test("of two classes with one logit is −1, and all classes are as many as there are", async () => {
    const net = `net (float[N,1,12,12] x) => (float[N,1] y) <float[144,1] w = random(1)> { f = Flatten(x) y = MatMul(f, w) }`;
    await using lit = await load(encodeModelBytes(model(net)), { runtime: await nodeRuntime() });
    const x = noise([2, 1, 12, 12], 3) as FloatTensor;
    const targets = [[1], [0]];
    const judge = await judgeOf(lit, x, { targets });
    const { relevance } = await lit.explain(x, { ...gradient, target: targets });
    const explaining = explainingOf(lit, gradient, targets);
    const { scores } = await judge.measure(metrics["random-logit"]!, { others: 9 }, { relevance, explaining });
    expect(Array.from(scores.spearman!)).toEqual([expect.closeTo(-1, 12), expect.closeTo(-1, 12)]);
    expect(Array.from(scores.spearman_abs!)).toEqual([expect.closeTo(1, 12), expect.closeTo(1, 12)]);
  });
});

describe("cosine convergence", () => {
  test("a deep z⁺ chain forgets what it started from, a gradient does not", async () => {
    const depth = 8;
    const layer = (i: number) => `z${i} = MatMul(h${i - 1}, w${i}) h${i} = Relu(z${i})`;
    const weights = Array.from({ length: depth }, (_, i) => `float[24,24] w${i} = random(${i + 5})`);
    const net = `net (float[N,24] x) => (float[N,24] y) <${weights.join(", ")}>
      { z0 = MatMul(x, w0) h0 = Relu(z0) ${Array.from({ length: depth - 2 }, (_, i) => layer(i + 1)).join(" ")}
        y = MatMul(h${depth - 2}, w${depth - 1}) }`;
    await using lit = await load(encodeModelBytes(model(net)), { runtime: await nodeRuntime() });
    const x = noise([3, 24], 2) as FloatTensor;
    const judge = await judgeOf(lit, x);
    const measure = async (options: object): Promise<Measured> => {
      const { relevance } = await lit.explain(x, { ...options, target: judge.model.targets });
      const explaining = explainingOf(lit, options, judge.model.targets);
      return judge.measure(metrics["cosine-convergence"]!, { pairs: 8 }, { relevance, explaining });
    };
    const [plain, positive] = [await measure(gradient), await measure(zplus)];
    expect(Math.min(...positive.scores.cosine!)).toBeGreaterThan(0.98);
    expect(mean(plain.scores.cosine!)).toBeLessThan(0.8);
    const [curve] = positive.curves!.cosine!.values;
    expect(curve).toHaveLength(depth + 1); // the outputs, the inputs of all layers
    expect(curve![0]).toBeLessThan(0.4); // random vectors
    expect(curve![depth - 1]).toBeGreaterThan(curve![2]!);
    expect(plain.curves!.cosine!.values[0]![0]).toBe(curve![0]); // the same vectors
  });

  test("on digits grows along z⁺ layers more than along the gradient's", async () => {
    const [plain, positive] = [
      await at.judged("cosine-convergence", {}, gradient),
      await at.judged("cosine-convergence", {}, zplus),
    ];
    expect(mean(positive.scores.cosine!)).toBeGreaterThan(mean(plain.scores.cosine!) + 0.2);
  });

  test("asks for a method that goes back through the graph", async () => {
    await expect(at.judged("cosine-convergence", {}, { method: "occlusion" }, [0])).rejects.toMatchObject({ _tag: "BadRecipe" });
  });
});

describe("every randomisation metric", () => {
  test.each(FAMILY)("%s gives the same numbers again, whatever the other samples, and all its card names", async (name) => {
    const few = FEW[name] ?? {};
    const all = await at.judged(name, few, gradient, [0, 1, 2, 3]);
    const some = await at.judged(name, few, gradient, [3, 1]);
    expect(Object.keys(all.scores)).toEqual(Object.keys(metrics[name]!.card.scores));
    for (const [score, values] of Object.entries(some.scores))
      for (const [i, n] of [3, 1].entries()) expect(values[i]).toBeCloseTo(all.scores[score]![n]!, 9);
    expect((await at.judged(name, few, gradient, [3, 1])).scores).toEqual(some.scores);
  });

  test.each(FAMILY)("%s needs the method, not only its maps", async (name) => {
    await expect(at.measure(name, {}, at.heatmap("random"))).rejects.toMatchObject({ _tag: "BadRecipe" });
  });

  test("serves random maps in a run, as a noise floor", async () => {
    const task: EvaluationTask = {
      model: "digits",
      data: { name: "digits", sha256: "1", count: 3, read: async () => ({ x: rowsOf(at.x, [0, 2, 4]), names: ["3", "8", "4"] }) },
      methods: [{ name: "gradient", options: gradient }],
      settings: FAMILY.map((metric) => ({ metric, params: FEW[metric] ?? {} })),
      randomDraws: 2,
      resamples: 100,
    };
    const { tables } = await evaluate([at.lit], task);
    const [mprt, again] = [tables.find(({ score }) => score === "spearman")!, (await evaluate([at.lit], task)).tables];
    expect(again).toEqual(tables);
    const [, one, other] = mprt.values as readonly number[][];
    for (const value of [...one!, ...other!]) expect(Math.abs(value)).toBeLessThan(0.1);
    expect(one).not.toEqual(other);
  });
});
