/**
 * Attention weights that are held fixed stay so behind whatever lies between the softmax and the values: with A the weights as they are,
 * the block is linear in the values, and CP-LRP is the ε rule there. A second time in float64, with A taken from the runtime.
 */
import { describe, expect, test } from "vitest";
import { checkConserved, readLedgers } from "../../src/explain/ledger.ts";
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
  "two heads' mean taken off": "t = ReduceMean <axes=[1], keepdims=1> (p) a = Sub(p, t)",
  "a mask": "b = Greater(p, half) a = Where(b, p, scale)",
  "its own logarithm": "l = Log(p) a = Mul(l, scale)",
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

/** y = m + g with m = x w; g = σ(x) is held fixed by a rule of the recipe. */
describe("a summand that is held fixed keeps its share", () => {
  const w = randomValues(1, D * D);
  const [x, seed] = [noise([2, D], 4, 2), noise([2, D], 5)];
  const text = (sum: string) =>
    `net (float[N,${D}] x) => (float[N,${D}] y) <float[${D},${D}] w = random(1)> { [gate] g = Sigmoid(x) m = MatMul(x, w) ${sum} }`;
  const recipe: Recipe = {
    rules: [
      { match: { name: "gate" }, rule: { name: "detach" } },
      { match: { kind: "linear" }, rule: { name: "epsilon", epsilon: 1e-6 } },
    ],
    seed: "vector",
  };
  const [xs, rs] = [numbers(x), numbers(seed)];
  const m = xs.map((_, i) => [0, 1, 2].reduce((total, k) => total + xs[i - (i % D) + k]! * w[k * D + (i % D)]!, 0));

  test.each<[string, string, (live: number, held: number) => number]>([
    ["Add", "y = Add(m, g)", (live, held) => live / stab(live + held, 1e-6)],
    ["Sub", "y = Sub(g, m)", (live, held) => -live / stab(held - live, 1e-6)],
    ["Mean", "y = Mean(g, m)", (live, held) => live / 2 / stab((live + held) / 2, 1e-6)],
    ["Add behind an activation", "h = Tanh(g) y = Add(m, h)", (live, held) => live / stab(live + Math.tanh(held), 1e-6)],
  ])("%s", async (_, sum, share) => {
    const { relevance, compiled, out } = await explain(text(sum), { x }, { recipe, ledger: true }, { seed });
    const rm = m.map((live, i) => rs[i]! * share(live, 1 / (1 + Math.exp(-xs[i]!))));
    const expected = xs.map((value, i) => {
      const from = i - (i % D);
      let r = 0;
      for (let k = 0; k < D; k++) r += value * w[(i % D) * D + k]! * (rm[from + k]! / stab(m[from + k]!, 1e-6));
      return r;
    });
    expectClose(relevance, expected, 1e-5);
    const ledgers = readLedgers(out[compiled.names.ledger!]!, compiled.ledgerRows, {
      ...{ maps: maps(relevance), samples: compiled.samples },
      classAxis: () => 1,
    });
    for (const [n, ledger] of ledgers.entries()) {
      const rest = [0, 1, 2].reduce((total, k) => total + rs[n * D + k]! - rm[n * D + k]!, 0);
      expect(ledger.lost.detached).toBeCloseTo(rest, 4);
      checkConserved(ledger);
    }
  });

  const maps = (relevance: readonly number[]) => ({ x: { dims: [2, D], data: Float32Array.from(relevance) } });
});
