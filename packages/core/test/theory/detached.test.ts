/**
 * Attention weights that are held fixed stay so behind whatever lies between the softmax and the values: with A the weights as they are,
 * the block is linear in the values, and CP-LRP is the ε rule there. A second time in float64, with A taken from the runtime.
 */
import { describe, expect, test } from "vitest";
import { randomValues } from "../../src/onnx/parse-tensors.ts";
import type { Recipe } from "../../src/plan/index.ts";
import { expectClose } from "../support/compare.ts";
import { stab } from "../support/dense.ts";
import { explain, noise, numbers, runModel } from "../support/run.ts";

const [H, T, D] = [2, 4, 3];
const held = `float[${D},${D}] wq = random(1), float[${D},${D}] wk = random(2), float[${D},${D}] wv = random(3), float[${H},${H}] mix = random(4), float half = {0.5}, float[1,${H},1,1] scale = random(5), int64[1] last = {-1}`;
const scores =
  "q = MatMul(x, wq) k = MatMul(x, wk) v = MatMul(x, wv) kt = Transpose <perm=[0,1,3,2]> (k) s = MatMul(q, kt) p = Softmax <axis=-1> (s)";

const between: Readonly<Record<string, string>> = {
  nothing: "a = Identity(p)",
  "talking heads": `t = Transpose <perm=[0,2,3,1]> (p) m = MatMul(t, mix) a = Transpose <perm=[0,3,1,2]> (m)`,
  "talking heads by Einsum": 'a = Einsum <equation="bhij,hg->bgij"> (p, mix)',
  "dropout and a factor": "d = Dropout(p) a = Mul(d, scale)",
  renormalisation: "c = Mul(p, scale) n = ReduceSum(c, last) a = Div(c, n)",
  "a gate of its own": "g = Sigmoid(p) a = Mul(g, p)",
  "an addend": "a = Add(p, half)",
};

/** R of x from R of y = A v, v = x Wv, seed R = y. */
const reference = (x: number[], a: number[], y: number[]): number[] => {
  const w = randomValues(3, D * D);
  const at = (h: number, t: number, d: number) => (h * T + t) * D + d;
  const v = x.map((_, i) => [0, 1, 2].reduce((total, e) => total + x[i - (i % D) + e]! * w[e * D + (i % D)]!, 0));
  const rv = v.map(() => 0);
  for (let h = 0; h < H; h++)
    for (let i = 0; i < T; i++)
      for (let d = 0; d < D; d++) {
        const n = y[at(h, i, d)]! / stab(y[at(h, i, d)]!, 1e-8);
        for (let j = 0; j < T; j++) rv[at(h, j, d)]! += v[at(h, j, d)]! * a[(h * T + i) * T + j]! * n;
      }
  return x.map((value, i) => {
    const from = i - (i % D);
    let r = 0;
    for (let d = 0; d < D; d++) r += value * w[(i % D) * D + d]! * (rv[from + d]! / stab(v[from + d]!, 1e-6));
    return r;
  });
};

describe("CP-LRP", () => {
  test.each(Object.entries(between))("with %s between softmax and values", async (_, nodes) => {
    const body = `${scores} ${nodes}`;
    const text = (out: string) =>
      `<ir_version: 8, opset_import: ["" : 13]> net (float[1,${H},${T},${D}] x) => (float[] y) <${held}> { ${body} ${out} }`;
    const x = noise([1, H, T, D], 7, 3);
    const a = numbers((await runModel(text("y = Identity(a)"), { x })).y);
    const y = (await runModel(text("y = MatMul(a, v)"), { x })).y!;
    // The seed is y itself: R = y.
    const recipe: Recipe = { method: "cp-lrp", seed: "vector" };
    const { relevance } = await explain(text("y = MatMul(a, v)"), { x }, { recipe }, { seed: y });
    expectClose(relevance, reference(numbers(x), a, numbers(y)), 2e-5);
  });
});

test("a value that is added and held fixed is a constant addend", async () => {
  const text = `net (float[N,3] x) => (float[N,3] y) <float[3,3] w = random(1)> { [gate] g = Sigmoid(x) m = MatMul(x, w) y = Add(m, g) }`;
  const recipe: Recipe = {
    rules: [
      { match: { name: "gate" }, rule: { name: "detach" } },
      { match: { kind: "linear" }, rule: { name: "epsilon", epsilon: 1e-6 } },
    ],
    seed: "vector",
  };
  const [x, seed] = [noise([2, 3], 4, 2), noise([2, 3], 5)];
  const { relevance } = await explain(text, { x }, { recipe }, { seed });
  const plain = await explain(
    text.replace("[gate] g = Sigmoid(x) m", "y0 = Neg(x) m").replace("y = Add(m, g)", "y = Identity(m)"),
    { x },
    { recipe: { ...recipe, rules: recipe.rules!.slice(1) } },
    { seed },
  );
  expectClose(relevance, plain.relevance, 1e-6);
  expect(relevance.length).toBe(6);
});
