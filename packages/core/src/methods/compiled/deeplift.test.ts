/** DeepLIFT is complete: ΣR = f(x) − f(x′), through everything that is not linear; and it equals the closed form on one neuron. */

import { describe, expect, test } from "vitest";
import { nodeRuntime } from "../../../../backlit/src/host/runtime/node.ts";
import { expectClose, sum } from "../../../test/support/compare.ts";
import { explain, floats, model, noise, numbers, runModel } from "../../../test/support/run.ts";
import { load } from "../../explain/index.ts";
import { encodeModelBytes } from "../../onnx/index.ts";
import type { Recipe } from "../../plan/index.ts";

const held =
  "float[6,6] w = random(1), float[6,6] v = random(2), float[6] b = random(3), float[6] gain = random(4), float[6] shift = random(5)";
const net = (body: string) =>
  `net (float[N,4,6] x) => (float[N,6] y) <${held}, float two = {2}, float eps = {0.001}, int64[1] last = {-1}> { ${body} y = ReduceMean <axes=[1], keepdims=0> (z) }`;
const bodies: Readonly<Record<string, string>> = {
  "ReLU layers": "a = MatMul(x, w) c = Add(a, b) r = Relu(c) z = MatMul(r, v)",
  "sigmoid, tanh, GELU": "a = MatMul(x, w) s = Sigmoid(a) t = Tanh(s) e = Erf(t) z = MatMul(e, v)",
  gate: "a = MatMul(x, w) s = Sigmoid(a) z = Mul(s, x)",
  "product of two layers": "a = MatMul(x, w) c = MatMul(x, v) z = Mul(a, c)",
  quotient: "a = MatMul(x, w) e = Exp(a) d = Add(e, two) z = Div(x, d)",
  LayerNormalization: "a = MatMul(x, w) n = LayerNormalization(a, gain, shift) z = MatMul(n, v)",
  "RMS normalization spelled out": "q = Pow(x, two) m = ReduceMean <axes=[-1]> (q) me = Add(m, eps) s = Sqrt(me) z = Div(x, s)",
  attention:
    "q = MatMul(x, w) k = MatMul(x, v) kt = Transpose <perm=[0,2,1]> (k) s = MatMul(q, kt) a = Softmax <axis=-1> (s) z = MatMul(a, x)",
  "squares summed, as in distances": "a = MatMul(x, w) s = ReduceSumSquare <axes=[2], keepdims=1> (a) z = Sub(a, s)",
  "a Euclidean norm, from inside one axis": "a = MatMul(x, w) s = ReduceL2 <axes=[1], keepdims=1> (a) z = Mul(a, s)",
  "a sum of sizes": "a = MatMul(x, w) s = ReduceL1 <axes=[-1], keepdims=1> (a) z = Sub(a, s)",
  "logarithm of a sum": "a = MatMul(x, w) e = Exp(a) s = ReduceLogSum <axes=[-1], keepdims=1> (e) z = Sub(a, s)",
  "a norm whose axis is gone": "a = MatMul(x, w) s = ReduceL2 <axes=[2], keepdims=0> (a) u = Unsqueeze(s, last) z = Add(a, u)",
  maximum: "a = MatMul(x, w) c = MatMul(x, v) z = Max(a, c)",
  "pooled maximum":
    "a = MatMul(x, w) p = MaxPool <kernel_shape=[2], strides=[1]> (a) g = ReduceMax <axes=[2], keepdims=1> (p) z = Add(g, a)",
};

const x = noise([2, 4, 6], 7, 2);
const difference = async (text: string, at: ReturnType<typeof noise>, target: number): Promise<number[]> => {
  const [here, there] = await Promise.all([runModel(text, { x }), runModel(text, { x: at })]);
  return [0, 1].map((n) => numbers(here.y)[n * 6 + target]! - numbers(there.y)[n * 6 + target]!);
};
const sums = (relevance: number[]) => [0, 1].map((n) => sum(relevance.slice(n * 24, (n + 1) * 24)));

describe.each(["rescale", "reveal-cancel"])("completeness, %s", (rule) => {
  test.each(Object.entries(bodies))("%s", async (_, body) => {
    const text = net(body);
    const recipe: Recipe = { method: "deeplift", params: { rule, baseline: 0.3 } };
    const { relevance } = await explain(text, { x }, { recipe, target: { kind: "index", index: [2] } });
    const constant = { ...x, data: new Float32Array(48).fill(0.3) } as typeof x;
    expectClose(sums(relevance), await difference(text, constant, 2), 1e-4);
  });
});

test("the reference may be an input of the artefact", async () => {
  const text = net(bodies["ReLU layers"]!);
  const at = noise([2, 4, 6], 8, 2);
  const asked = { recipe: { method: "deeplift", params: { baseline: "input" } }, target: { kind: "index", index: [1] } } as const;
  const { relevance } = await explain(text, { x, reference: at }, asked);
  expectClose(sums(relevance), await difference(text, at, 1), 1e-4);
});

describe("one neuron", () => {
  // y = relu(h + b), h = w1 x1 + w2 x2, from a reference of 0
  const neuron = (rule: string, x1: number, x2: number, bias: number) =>
    explain(
      `net (float[N,2] x) => (float[N,1] y) <float[2,1] w = {1, 1}, float[1] b = {${bias}}> { h = MatMul(x, w) c = Add(h, b) y = Relu(c) }`,
      { x: floats([1, 2], [x1, x2]) },
      { recipe: { method: "deeplift", params: { rule } }, target: { kind: "index", index: [1] } },
    );
  test("rescale shares Δy in proportion to the contributions", async () => {
    const { relevance } = await neuron("rescale", 3, -1, -0.5);
    // Δy = 1.5 for Δh = 2
    expectClose(relevance, [2.25, -0.75]);
  });
  test("reveal-cancel lets both directions come first", async () => {
    const { relevance } = await neuron("reveal-cancel", 3, -1, -0.5);
    // Δy⁺ = ½ (f(3) − f(0)) + ½ (f(2) − f(−1)) = ½ 2.5 + ½ 1.5; Δy⁻ = ½ (f(−1) − f(0)) + ½ (f(2) − f(3)) = 0 − ½
    expectClose(relevance, [2, -0.5]);
  });
});

test("parameters are checked", async () => {
  const bad = (params: object) =>
    explain(net(bodies.gate!), { x }, { recipe: { method: "deeplift", params: { ...params } } as Recipe });
  await expect(bad({ rule: "other" })).rejects.toMatchObject({ _tag: "BadRecipe" });
  await expect(bad({ baseline: "grey" })).rejects.toMatchObject({ _tag: "BadRecipe" });
});

describe("DeepSHAP", () => {
  const text = net(bodies.gate!);
  const references = noise([5, 4, 6], 11, 2);
  const run = async (params = {}, given: object = { references }) => {
    await using lit = await load(encodeModelBytes(model(text)), { runtime: await nodeRuntime() });
    return await lit.explain(x, { method: "deep-shap", params, target: 3, ...given });
  };
  test("ΣR = f(x) − mean of f(references), whatever the batch", async () => {
    const [here, there] = [numbers((await runModel(text, { x })).y), numbers((await runModel(text, { x: references })).y)];
    const mean = sum([0, 1, 2, 3, 4].map((m) => there[m * 6 + 3]!)) / 5;
    const all = await run();
    expectClose(
      sums([...all.relevance.data]),
      [0, 1].map((n) => here[n * 6 + 3]! - mean),
      1e-4,
    );
    const single = await run({}, { references, batch: 1 });
    expectClose([...single.relevance.data], [...all.relevance.data], 1e-5);
    expect(all.spread?.dims).toEqual(x.dims);
  });
  test("one reference is DeepLIFT", async () => {
    const { relevance } = await run({ baseline: "0.3" }, {});
    const plain = await explain(
      text,
      { x },
      { recipe: { method: "deeplift", params: { baseline: 0.3 } }, target: { kind: "index", index: [3] } },
    );
    expectClose([...relevance.data], plain.relevance, 1e-5);
  });
});
