/**
 * DeepLIFT of a probability a second time, in float64: multipliers at the logits through the trailing softmax or sigmoid, as the formulas
 * say, and Σ R = p(x) − p(x′) however far the logits lie apart. Several inputs go to their references together.
 */
import { describe, expect, test } from "vitest";
import { expectClose, sum } from "../../../test/support/compare.ts";
import { explain, floats, noise, numbers, runModel } from "../../../test/support/run.ts";

const TARGET = 1;
const target = { kind: "index", index: [TARGET] } as const;
const recipe = { method: "deeplift", score: "probability" } as const;

const sigma = (z: number) => 1 / (1 + Math.exp(-z));
const logSum = (v: readonly number[]) => Math.max(...v) + Math.log(sum(v.map((x) => Math.exp(x - Math.max(...v)))));
/** Λ(eᵘ, eᵛ)/eʷ */
const mean = (u: number, v: number, w: number) => (u === v ? Math.exp(u - w) : (Math.exp(u - w) - Math.exp(v - w)) / (u - v));

/** Multipliers of z for p_t. */
const softmaxMultipliers = (z: readonly number[], z2: readonly number[], t: number): number[] => {
  const [top, top2] = [Math.max(...z), Math.max(...z2)];
  if (Math.abs(top - top2) > 80) {
    const others = (v: readonly number[]) => logSum(v.filter((_, j) => j !== t));
    const [L, L2] = [others(z), others(z2)];
    const [u, u2] = [z[t]! - L, z2[t]! - L2];
    const m = u === u2 ? sigma(u) * sigma(-u) : (sigma(u) - sigma(u2)) / (u - u2);
    const w = Math.max(L, L2);
    return z.map((v, j) => (j === t ? m : (-m * mean(v, z2[j]!, w)) / mean(L, L2, w)));
  }
  const c = Math.max(top, top2);
  const [e, e2] = [z, z2].map((v) => v.map((x) => Math.exp(x - c))) as [number[], number[]];
  const [S, S2] = [sum(e), sum(e2)];
  const fall = (e[t]! + e2[t]!) / 2 / (S * S2);
  return z.map((v, j) => ((j === t ? (1 / S + 1 / S2) / 2 : 0) - fall) * mean(v, z2[j]!, c));
};

const logits: Readonly<Record<string, readonly number[]>> = {
  near: [1.5, -0.25, 0.75, 2],
  "the same as at the reference in one class": [0, 1, -2, 0.5],
  "79 apart": [79, 3, -20, 60],
  "90 apart, the target last": [90, -5, 30, -70],
  "90 apart, the target first": [-3, 90, 40, 88],
  "far below": [-120, -90, -100, -95],
  "1000 apart": [1000, 990, -500, 20],
};

describe("softmax", () => {
  // The logits themselves are explained from 0: R = v ⊙ z.
  const text = "net (float[N,4] x) => (float[N,4] y) { z = Identity(x) y = Softmax <axis=-1> (z) }";
  test.each(Object.entries(logits))("%s", async (_, z) => {
    const { relevance, out } = await explain(text, { x: floats([1, 4], z) }, { recipe, target });
    const want = softmaxMultipliers(z, [0, 0, 0, 0], TARGET).map((v, j) => v * z[j]!);
    const size = Math.max(1, ...want.map(Math.abs));
    expect(Math.max(...relevance.map((r, j) => Math.abs(r - want[j]!)))).toBeLessThan(2e-6 * size);
    expect(Math.abs(sum(relevance) - (numbers(out.y)[TARGET]! - 0.25))).toBeLessThan(2e-6 * size);
    for (const [j, r] of relevance.entries())
      expect(Math.sign(r) * Math.sign(z[j]!) * (j === TARGET ? 1 : -1)).toBeGreaterThanOrEqual(0);
  });
  test("classes that are masked out", async () => {
    const masked =
      "net (float[N,4] x) => (float[N,4] y) <float[4] m = {0, 0, -inf, 0}> { z = Add(x, m) y = Softmax <axis=-1> (z) }";
    const { relevance, out } = await explain(masked, { x: floats([1, 4], [1, 2, 3, -1]) }, { recipe, target });
    expect(relevance[2]).toBe(0);
    expect(sum(relevance)).toBeCloseTo(numbers(out.y)[TARGET]! - 1 / 3, 5);
  });
});

/** Logits and their reference, both so large that exponentials of their differences are lost in float32. */
const LARGE: Readonly<Record<string, readonly [readonly number[], readonly number[]]>> = {
  "all turned around": [
    [200, -200, 200, 0],
    [-200, 200, -200, 0],
  ],
  "the same maximum elsewhere": [
    [-200, 200, -200, -200],
    [200, -200, -200, 200],
  ],
  "all lifted, the lead within rounding": [
    [-200, -199, -200, -200.5],
    [200, 199, 200.5, 200],
  ],
  "the target far behind at both ends": [
    [200, -200, 0, 0],
    [0, -200, 200, 0],
  ],
};

describe("from a reference, at ±200", () => {
  test.each(Object.entries(LARGE))("softmax: %s", async (_, [z, z2]) => {
    const text = "net (float[N,4] x) => (float[N,4] y) { z = Identity(x) y = Softmax <axis=-1> (z) }";
    const from = { ...recipe, params: { baseline: z2 } };
    const { relevance } = await explain(text, { x: floats([1, 4], z) }, { recipe: from, target });
    const want = softmaxMultipliers(z, z2, TARGET).map((v, j) => v * (z[j]! - z2[j]!));
    const size = Math.max(1, ...want.map(Math.abs));
    expect(Math.max(...relevance.map((r, j) => Math.abs(r - want[j]!)))).toBeLessThan(2e-6 * size);
    const p = (v: readonly number[]) => Math.exp(v[TARGET]! - logSum(v));
    expect(Math.abs(sum(relevance) - (p(z) - p(z2)))).toBeLessThan(2e-6 * size);
    for (const [j, r] of relevance.entries()) expect(r * (z[j]! - z2[j]!) * (j === TARGET ? 1 : -1)).toBeGreaterThanOrEqual(0);
  });
  test.each([
    [200, -200],
    [-200, 200],
    [200, 199],
    [-200, -200],
    [0.5, 200],
  ])("sigmoid: %d from %d", async (z, z2) => {
    const text = "net (float[N,1] x) => (float[N,1] y) { z = Identity(x) y = Sigmoid(z) }";
    const from = { ...recipe, params: { baseline: z2 } };
    const one = { kind: "index", index: [1] } as const;
    const { relevance } = await explain(text, { x: floats([1, 1], [z]) }, { recipe: from, target: one });
    expect(relevance[0]).toBeCloseTo(sigma(z) - sigma(z2), 6);
  });
});

test.each([
  ["one logit", 1, "y = Sigmoid(z)"],
  ["labels", 3, "y = Sigmoid(z)"],
  ["classes", 3, "y = Softmax <axis=1> (z)"],
])("a net with %s: Σ R = p(x) − p(x′)", async (_, classes, head) => {
  const text = `net (float[N,5] x) => (float[N,${classes}] y) <float[5,6] w = random(1), float[6,${classes}] v = random(2)> { h = MatMul(x, w) r = Relu(h) z = MatMul(r, v) ${head} }`;
  const x = noise([3, 5], 3, 20);
  const { relevance } = await explain(text, { x }, { recipe, target });
  const at = async (value: typeof x) => numbers((await runModel(text, { x: value })).y);
  const [here, there] = [await at(x), await at(floats([3, 5], new Float32Array(15)))];
  const column = classes === 1 ? 0 : TARGET;
  const want = [0, 1, 2].map((n) => here[n * classes + column]! - there[n * classes + column]!);
  expectClose(
    [0, 1, 2].map((n) => sum(relevance.slice(n * 5, n * 5 + 5))),
    want,
    1e-5,
  );
});

test("one of several inputs shows its share of the difference that all of them make", async () => {
  const text = `net (float[N,4] a, float[N,4] b, int64[N,2] ids) => (float[N,3] y)
    <float[4,5] wa = random(1), float[4,5] wb = random(2), float[7,5] table = random(3), int64[1] one = {1}, float[5,3] v = random(4)> {
      p = MatMul(a, wa) q = MatMul(b, wb) e = Gather(table, ids) r = ReduceSum <keepdims=0> (e, one) s = Add(p, q) t = Add(s, r) u = Relu(t) m = Mul(u, q) y = MatMul(m, v) }`;
  const feeds = {
    a: noise([2, 4], 1, 3),
    b: noise([2, 4], 2, 3),
    ids: { type: "int64", dims: [2, 2], data: BigInt64Array.from([1n, 2n, 3n, 6n]) } as const,
  };
  const maps = async (names?: readonly string[]) => {
    const { out, compiled } = await explain(text, feeds, {
      recipe: { method: "deeplift", ...(names && { explain: names }) },
      target,
    });
    return Object.fromEntries(Object.entries(compiled.names.relevance).map(([name, port]) => [name, numbers(out[port])]));
  };
  const all = await maps();
  expect(Object.keys(all).length).toBe(3);
  for (const [name, map] of Object.entries(all)) expectClose((await maps([name]))[name]!, map, 1e-6, name);
});
