/** Shapley values against brute force in float64, and their axioms. */

import { describe, expect, test } from "vitest";
import { nodeRuntime } from "../../../../backlit/src/host/runtime/node.ts";
import { floats, model, noise } from "../../../test/support/run.ts";
import { load } from "../../explain/index.ts";
import { randomBy } from "../../numeric/random.ts";
import { encodeModelBytes, type ModelProto } from "../../onnx/index.ts";
import { randomValues } from "../../onnx/parse-tensors.ts";
import { kernelPlan } from "./shapley-kernel.ts";

const open = async (net: string | ModelProto) => load(encodeModelBytes(model(net)), { runtime: await nodeRuntime() });

/** y = tanh(x W) V: every feature acts through all the others. */
const net = (width: number, seed = 1) =>
  `net (float[N,${width}] x) => (float[N,3] y) <float[${width},5] w = random(${seed}), float[5,3] v = random(2), float s = {3}>
  { a = MatMul(x, w) b = Mul(a, s) c = Tanh(b) y = MatMul(c, v) }`;
const scoreOf = (width: number, seed = 1) => {
  const w = randomValues(seed, width * 5);
  const v = randomValues(2, 15);
  return (x: readonly number[], target: number): number => {
    let y = 0;
    for (let j = 0; j < 5; j++) {
      let a = 0;
      for (let i = 0; i < width; i++) a += x[i]! * w[i * 5 + j]!;
      y += Math.tanh(3 * a) * v[j * 3 + target]!;
    }
    return y;
  };
};

/** φᵢ as the mean over all orders: the definition itself, by recursion over them. */
const byOrders = (count: number, v: (set: number) => number): number[] => {
  const total = new Array<number>(count).fill(0);
  let orders = 0;
  const walk = (set: number, gains: readonly number[]): void => {
    if (set === 2 ** count - 1) {
      orders++;
      gains.forEach((gain, i) => {
        total[i]! += gain;
      });
      return;
    }
    for (let i = 0; i < count; i++)
      if (((set >> i) & 1) === 0) {
        const next = [...gains];
        next[i] = v(set | (1 << i)) - v(set);
        walk(set | (1 << i), next);
      }
  };
  walk(0, new Array<number>(count).fill(0));
  return total.map((sum) => sum / orders);
};

/** φᵢ = Σ_S |S|! (M − |S| − 1)!/M! (v(S ∪ i) − v(S)), every coalition asked once. */
const exactly = (x: readonly number[], base: readonly number[], score: (x: readonly number[]) => number): number[] => {
  const m = x.length;
  const v = Float64Array.from({ length: 2 ** m }, (_, set) => score(x.map((own, k) => ((set >> k) & 1 ? own : base[k]!))));
  const sizeOf = (set: number) => set.toString(2).replaceAll("0", "").length;
  const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1));
  const weights = x.map((_, s) => (factorial(s) * factorial(m - s - 1)) / factorial(m));
  return x.map((_, i) => {
    let total = 0;
    for (let set = 0; set < v.length; set++)
      if (!((set >> i) & 1)) total += weights[sizeOf(set)]! * (v[set | (1 << i)]! - v[set]!);
    return total;
  });
};

const sum = (values: ArrayLike<number>) => Array.from(values).reduce((a, b) => a + b, 0);
const row = (data: ArrayLike<number>, n: number, width: number) => Array.from(data).slice(n * width, (n + 1) * width);
const close = (actual: readonly number[], expected: readonly number[], tolerance: number) =>
  expected.forEach((value, i) => {
    expect(Math.abs(actual[i]! - value)).toBeLessThan(tolerance);
  });

describe.each(["kernel-shap", "shapley"])("%s", (method) => {
  const plenty = method === "shapley" ? { permutations: 100 } : { samples: 126 };

  test("is exact where all coalitions are asked about", async () => {
    const width = 6;
    await using lit = await open(net(width));
    const x = noise([3, width], 5);
    const e = await lit.explain(x, { method, params: { ...plenty, baseline: 0.2 }, target: 1, batch: 16 });
    for (let n = 0; n < 3; n++) {
      const sample = row(x.data as Float32Array, n, width);
      const expected = exactly(
        sample,
        sample.map(() => 0.2),
        (z) => scoreOf(width)(z, 1),
      );
      close(row(e.relevance.data, n, width), expected, 2e-6);
    }
    expect(e.spread).toBeUndefined();
  });

  test("draws near the exact values, and adds up all the same", async () => {
    const width = method === "shapley" ? 13 : 8; // twelve are asked about whole
    await using lit = await open(net(width));
    const x = noise([1, width], 5);
    const few = method === "shapley" ? { permutations: 60 } : { samples: 180 };
    const e = await lit.explain(x, { method, params: few, target: 2, batch: 32 });
    const sample = row(x.data as Float32Array, 0, width);
    const score = (z: readonly number[]) => scoreOf(width)(z, 2);
    const expected = exactly(
      sample,
      sample.map(() => 0),
      score,
    );
    const size = Math.max(...expected.map(Math.abs));
    close([...e.relevance.data], expected, 0.1 * size);
    expect(sum(e.relevance.data)).toBeCloseTo(score(sample) - score(sample.map(() => 0)), 5);
    if (method === "shapley") expect(Math.max(...e.spread!.data)).toBeGreaterThan(0);
  });

  test.runIf(method === "shapley")("twelve columns of a table are exact without further settings", async () => {
    const width = 12;
    await using lit = await open(net(width));
    const x = noise([1, width], 5);
    const e = await lit.explain(x, { method, target: 1 });
    const sample = row(x.data as Float32Array, 0, width);
    const expected = exactly(
      sample,
      sample.map(() => 0),
      (z) => scoreOf(width)(z, 1),
    );
    close([...e.relevance.data], expected, 2e-6);
    expect(e.spread).toBeUndefined();
  });

  test("gives a feature that does nothing nothing, and two that do the same the same", async () => {
    const w = randomValues(1, 5 * 4);
    for (let j = 0; j < 4; j++) {
      w[4 + j] = w[j]!; // features 0 and 1 are alike
      w[3 * 4 + j] = 0; // feature 3 is a dummy
    }
    await using lit = await open(
      `net (float[N,5] x) => (float[N,2] y) <float[5,4] w = {${[...w].join(", ")}}, float[4,2] v = random(2)> { a = MatMul(x, w) b = Tanh(a) y = MatMul(b, v) }`,
    );
    const x = floats([1, 5], [0.7, 0.7, -0.4, 0.9, 0.3]);
    const { data } = (await lit.explain(x, { method, params: plenty, target: 0 })).relevance;
    expect(data[3]).toBeCloseTo(0, 6);
    expect(data[0]).toBeCloseTo(data[1]!, 6);
    expect(Math.abs(data[0]!)).toBeGreaterThan(1e-3);
  });

  test("groups share their value, or each have the whole; baselines are averaged", async () => {
    const width = 5;
    await using lit = await open(net(width));
    const x = noise([1, width], 7);
    const groups = floats([width], [0, 0, 1, 2, 2]);
    const params = { ...plenty, baseline: "zero+0.5" };
    const equal = (await lit.explain(x, { method, groups, params, target: 0 })).relevance.data;
    const whole = (await lit.explain(x, { method, groups, params: { ...params, share: "whole" }, target: 0 })).relevance.data;
    const sample = row(x.data as Float32Array, 0, width);
    const members = [[0, 1], [2], [3, 4]];
    const v = (set: number) =>
      sum(
        [0, 0.5].map((base) =>
          scoreOf(width)(
            sample.map((value, i) => (set & (1 << members.findIndex((g) => g.includes(i))) ? value : base)),
            0,
          ),
        ),
      ) / 2;
    const expected = byOrders(3, v);
    close(
      [...whole],
      [0, 0, 1, 2, 2].map((g) => expected[g]!),
      2e-6,
    );
    close(
      [...equal],
      [0, 0, 1, 2, 2].map((g) => expected[g]! / members[g]!.length),
      2e-6,
    );
  });

  test("serves one group and an odd number of draws", async () => {
    await using lit = await open(net(5));
    const x = noise([1, 5], 7);
    const sample = row(x.data as Float32Array, 0, 5);
    const gain = scoreOf(5)(sample, 0) - scoreOf(5)([0, 0, 0, 0, 0], 0);
    const one = await lit.explain(x, { method, groups: floats([1], [0]), target: 0 });
    expect(sum(one.relevance.data)).toBeCloseTo(gain, 5);
    const odd = method === "shapley" ? { permutations: 3 } : { samples: 13 };
    expect(sum((await lit.explain(x, { method, params: odd, target: 0 })).relevance.data)).toBeCloseTo(gain, 5);
  });
});

describe("the coalitions of KernelSHAP", () => {
  test("all of them: each once, weighted as its size is", () => {
    const plan = kernelPlan(5, 30, randomBy(0));
    expect(plan).toMatchObject({ count: 30, exact: true });
    const seen = new Map<string, number>();
    for (let k = 0; k < 30; k++) {
      const set = new Uint8Array(5);
      const weight = plan.write(k, set);
      seen.set(set.join(""), weight);
    }
    expect(seen.size).toBe(30);
    const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1));
    for (const [set, weight] of seen) {
      const s = [...set].filter((bit) => bit === "1").length;
      const choices = factorial(5) / factorial(s) / factorial(5 - s);
      expect(weight).toBeCloseTo(4 / (choices * s * (5 - s)), 12);
    }
  });

  test("some of them: small and large whole, the others drawn with their complements, the weight of all kept", () => {
    const m = 20;
    const plan = kernelPlan(m, 400, randomBy(0));
    expect(plan.exact).toBe(false);
    let total = 0;
    let last = new Uint8Array(m);
    const sizes = new Map<number, number>();
    for (let k = 0; k < plan.count; k++) {
      const set = new Uint8Array(m);
      total += plan.write(k, set);
      const size = sum(set);
      sizes.set(size, (sizes.get(size) ?? 0) + 1);
      if (k % 2 === 1) expect([...set].map((bit) => 1 - bit)).toEqual([...last]);
      last = set;
    }
    expect(sizes.get(1)).toBe(m);
    expect(sizes.get(m - 1)).toBe(m);
    let expected = 0;
    for (let s = 1; s < m; s++) expected += (m - 1) / (s * (m - s));
    expect(total).toBeCloseTo(expected, 10);
  });
});
