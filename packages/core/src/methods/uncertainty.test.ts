/** Mean and spread of maps against the maps themselves. */

import { expect, test } from "vitest";
import { nodeRuntime } from "../../../backlit/src/host/runtime/node.ts";
import { model, noise } from "../../test/support/run.ts";
import { type Explainer, load } from "../explain/index.ts";
import { encodeModelBytes } from "../onnx/index.ts";

const lit = async (text: string): Promise<Explainer> => load(encodeModelBytes(model(text)), { runtime: await nodeRuntime() });
const NET = `net (float[N,6] x) => (float[N,3] y) <float[6,5] w = random(1), float[5] b = random(2), float[5,3] v = random(3)> {
  z = Gemm(x, w, b) a = Relu(z) y = MatMul(a, v) }`;
const x = noise([2, 6], 4);
const method = "uncertainty";

test("mean and standard deviation are those of the single maps", async () => {
  await using it = await lit(NET);
  const cases = [
    {
      params: { over: "epsilon", of: "epsilon", values: "0.001, 0.1, 1" },
      single: [0.001, 0.1, 1].map((epsilon) => ({ composite: { name: "epsilon", params: { epsilon } } })),
    },
    {
      params: { over: "gamma", values: "0.1,1" },
      single: [0.1, 1].map((gamma) => ({ composite: { name: "gamma", params: { gamma } } })),
    },
    {
      params: { over: "composite", values: "zplus,epsilon" },
      single: ["zplus", "epsilon"].map((name) => ({ composite: { name } })),
    },
    {
      params: { over: "baseline", of: "integrated-gradients:steps=7", values: "zero,1" },
      single: ["zero", "1"].map((baseline) => ({ method: "integrated-gradients", params: { steps: 7, baseline } })),
    },
  ];
  for (const { params, single } of cases) {
    const { relevance, spread } = await it.explain(x, { method, params, target: 1 });
    const maps = await Promise.all(single.map((recipe) => it.explain(x, { ...recipe, target: 1 })));
    relevance.data.forEach((mean, i) => {
      const values = maps.map((map) => map.relevance.data[i]!);
      const m = values.reduce((a, b) => a + b, 0) / values.length;
      expect(mean).toBeCloseTo(m, 4);
      expect(spread!.data[i]).toBeCloseTo(Math.sqrt(values.reduce((a, b) => a + (b - m) ** 2, 0) / values.length), 4);
    });
    expect(spread!.dims).toEqual(x.dims);
    expect(spread!.data.some((v) => v > 0)).toBe(true);
  }
});

test("no noise, no spread; noise is the same for the same seed and in any batch", async () => {
  await using it = await lit(NET);
  const of = async (level: number, random = 0, rows = x) =>
    it.explain(rows, { method, params: { over: "noise", samples: 5, level }, target: 0, random });
  const still = await of(0);
  expect(Math.max(...still.spread!.data)).toBeLessThan(1e-6);
  const [a, b, c] = [await of(0.2), await of(0.2), await of(0.2, 1)];
  expect(b.spread!.data).toEqual(a.spread!.data);
  expect(c.spread!.data).not.toEqual(a.spread!.data);
  const one = await of(0.2, 0, { ...x, dims: [1, 6], data: (x.data as Float32Array).slice(0, 6) });
  one.spread!.data.forEach((v, i) => {
    expect(v).toBeCloseTo(a.spread!.data[i]!, 5);
  });
});

test("maps scaled alike are compared by pattern", async () => {
  await using it = await lit(NET);
  const of = async (alike: boolean) => {
    const params = { over: "gamma", of: "gamma", values: "0.1,1", alike };
    return await it.explain(x, { method, params, target: 0 });
  };
  const { relevance, spread } = await of(true);
  const size = (data: Float32Array, n: number) => data.slice(n * 6, n * 6 + 6).reduce((sum, v) => sum + Math.abs(v), 0);
  for (const n of [0, 1]) expect(size(relevance.data, n)).toBeCloseTo(1, 0);
  expect(spread!.data).not.toEqual((await of(false)).spread!.data);
  await expect(it.explain(x, { method, params: { values: "0.1" } })).rejects.toThrow(/no spread/);
  await expect(it.explain(x, { method, params: { of: "epsilon-plus", over: "gamma" } })).rejects.toThrow(/gamma/);
});
