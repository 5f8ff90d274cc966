/** Positive relevance speaks for what is explained: what adds the same to all logits, and how probabilities are mixed, changes no map. */
import { describe, expect, test } from "vitest";
import { loadText } from "../support/load.ts";
import { floats } from "../support/run.ts";

const W = [1, -2, 0.5, 0.3, 1, -1, 2, 0.2, -0.4, 0.7, -0.6, 0.1];
const U = [-1, 0.5, 1, 0.2, -0.3, 0.8, 1.5, -1, 0.6, 0.4, 0.9, -0.2];
const X = [0.5, -1, 2, 1];

const softmax = (z: readonly number[]) => {
  const e = z.map((v) => Math.exp(v));
  const sum = e.reduce((a, b) => a + b, 0);
  return e.map((v) => v / sum);
};
const sigmoid = (z: readonly number[]) => z.map((v) => 1 / (1 + Math.exp(-v)));
const layer = (w: readonly number[], x: readonly number[]) =>
  [0, 1, 2].map((j) => x.reduce((s, v, i) => s + v * w[i * 3 + j]!, 0));
const mean = (p: readonly number[], q: readonly number[]) => p.map((v, i) => (v + q[i]!) / 2);
const shares = (p: readonly number[]) => p.map((v) => v / p.reduce((a, b) => a + b, 0));

const explained = async (nodes: string, target: number, seed: "log-odds" | "half-log-odds" | "logit" = "log-odds") => {
  const held = `float[4,3] w = {${W}}, float[4,3] u = {${U}}, float[4,4] r = random(7), int64[1] last = {1}, float twenty = {20}, float[1] one20 = {20}, float[3] all20 = {20,20,20},
    float[1,3] row20 = {-20,-20,-20}, float one = {1}, float half = {0.5}`;
  await using lit = await loadText(`net (float[N,4] x) => (float[N,3] y) <${held}> { ${nodes} }`);
  return Array.from((await lit.explain(floats([1, 4], X), { target, seed })).relevance.data);
};

describe("the explained score of mixed probabilities is log p/(1 − p) of the model's own p", () => {
  const both = "a = MatMul(x, w) p = Softmax(a) c = MatMul(x, u) q = Softmax(c)";
  test.each<[string, string, (x: readonly number[]) => readonly number[], boolean]>([
    ["a mean of softmaxes", `${both} y = Mean(p, q)`, (x) => mean(softmax(layer(W, x)), softmax(layer(U, x))), true],
    ["its logarithm", `${both} m = Mean(p, q) y = Log(m)`, (x) => mean(softmax(layer(W, x)), softmax(layer(U, x))), true],
    [
      "a mean of sigmoids",
      "a = MatMul(x, w) p = Sigmoid(a) c = MatMul(x, u) q = Sigmoid(c) y = Mean(p, q)",
      (x) => mean(sigmoid(layer(W, x)), sigmoid(layer(U, x))),
      false,
    ],
    [
      "sigmoids over their sum",
      "a = MatMul(x, w) p = Sigmoid(a) s = ReduceSum(p, last) y = Div(p, s)",
      (x) => shares(sigmoid(layer(W, x))),
      true,
    ],
    [
      "a softmax that is moved",
      "a = MatMul(x, w) p = Softmax(a) t = Transpose <perm=[1,0]> (p) y = Transpose <perm=[1,0]> (t)",
      (x) => softmax(layer(W, x)),
      true,
    ],
    ["one softmax", "a = MatMul(x, w) y = Softmax(a)", (x) => softmax(layer(W, x)), true],
  ])("%s", async (_, nodes, p, exclusive) => {
    for (const target of [0, 1, 2]) {
      const score = (x: readonly number[]) => {
        const own = p(x);
        const rest = exclusive ? own.reduce((sum, v, i) => sum + (i === target ? 0 : v), 0) : 1 - own[target]!;
        return Math.log(own[target]!) - Math.log(rest);
      };
      const got = await explained(nodes, target);
      for (const [i, v] of X.entries()) {
        const moved = (h: number) => score(X.map((one, k) => (k === i ? one + h : one)));
        expect(got[i], `class ${target}, value ${i}`).toBeCloseTo(((moved(1e-5) - moved(-1e-5)) / 2e-5) * v, 3);
      }
    }
  });
});

describe("what adds the same to all logits changes no map", () => {
  const hidden = "k = MatMul(x, r) h = Relu(k)";
  const plain = `${hidden} y = MatMul(h, w)`;
  test.each([
    ["a bias", `${hidden} y = Gemm(h, w, all20)`],
    ["a scalar", `${hidden} z = MatMul(h, w) y = Add(z, twenty)`],
    ["[1]", `${hidden} z = MatMul(h, w) y = Sub(z, one20)`],
    ["[C]", `${hidden} z = MatMul(h, w) y = Add(z, all20)`],
    ["[1, C]", `${hidden} z = MatMul(h, w) y = Add(z, row20)`],
    ["through two addends", `${hidden} z = MatMul(h, w) s = Add(z, all20) y = Add(s, row20)`],
  ])("%s", async (_, nodes) => {
    for (const seed of ["logit", "log-odds", "half-log-odds"] as const)
      for (const target of [0, 1, 2]) {
        const [want, got] = [await explained(plain, target, seed), await explained(nodes, target, seed)];
        const largest = want.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
        for (const [i, v] of got.entries()) expect(Math.abs(v - want[i]!), `${seed} ${target}`).toBeLessThan(1e-4 * largest);
      }
  });
});

test("two logits and their one-logit form agree, and why A is the negative of why B", async () => {
  const two =
    "net (float[N,3] x) => (float[N,2] logits) <float[3,4] a = random(1), float[4,2] w = random(2)> { k = MatMul(x, a) h = Relu(k) logits = MatMul(h, w) }";
  const one = `net (float[N,3] x) => (float[N,1] logit) <float[3,4] a = random(1), float[4,2] w = random(2), int64[1] s0 = {0}, int64[1] s1 = {1}, int64[1] e2 = {2}, int64[1] ax = {1}> {
    v0 = Slice(w, s0, s1, ax) v1 = Slice(w, s1, e2, ax) v = Sub(v1, v0) k = MatMul(x, a) h = Relu(k) logit = MatMul(h, v) }`;
  const x = floats([2, 3], [1, -2, 0.5, 0.3, 1, 2]);
  await using pair = await loadText(two);
  await using single = await loadText(one);
  for (const seed of ["log-odds", "half-log-odds"] as const) {
    const maps = async (lit: typeof pair, target: number) => Array.from((await lit.explain(x, { target, seed })).relevance.data);
    const [a, b] = [await maps(pair, 0), await maps(pair, 1)];
    for (const [i, v] of a.entries()) expect(v).toBeCloseTo(-b[i]!, 5);
    const [c, d] = [await maps(single, 0), await maps(single, 1)];
    for (const [i, v] of a.entries()) expect([c[i], d[i]]).toEqual([expect.closeTo(v, 5), expect.closeTo(b[i]!, 5)]);
  }
});
