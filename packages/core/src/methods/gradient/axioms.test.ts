/** Methods of the gradient family: axioms, the same numbers whatever the batch, a class of its own for each sample. */

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { nodeRuntime } from "../../../../backlit/src/host/runtime/node.ts";
import { floats, model, noise, numbers } from "../../../test/support/run.ts";
import { type ExplainOptions, load } from "../../explain/index.ts";
import { encodeModelBytes } from "../../onnx/index.ts";
import type { Tensor } from "../../tensor/tensor.ts";

const open = async (text: string) => load(encodeModelBytes(model(text)), { runtime: await nodeRuntime() });

const SMOOTH = `net (float[N,4] x) => (float[N,3] y) <float[4,5] w = random(1), float[5] b = random(4), float[5,3] v = random(2)>
  { a = MatMul(x, w) c = Add(a, b) h = Tanh(c) y = MatMul(h, v) }`;
const PICTURE = `net (float[N,2,6,6] x) => (float[N,3] y) <float[4,2,3,3] w = random(1), float[4] b = random(4), float[4,3] v = random(2)>
  { a = Conv <pads=[1,1,1,1]> (x, w, b) h = Relu(a) p = GlobalAveragePool(h) f = Flatten(p) y = MatMul(f, v) }`;
const close = (got: readonly number[], want: readonly number[], digits = 5) => {
  expect(got.length).toBe(want.length);
  for (const [i, v] of got.entries()) expect(v, `at ${i}`).toBeCloseTo(want[i]!, digits);
};

describe("axioms", () => {
  const random = { steps: 16, samples: 16 };
  const methods = ["integrated-gradients", "expected-gradients", "smoothgrad", "smoothgrad-squared", "vargrad"] as const;
  const params = (name: string) => (name === "integrated-gradients" ? { steps: random.steps } : { samples: random.samples });

  test.each([...methods])("%s: an input the model ignores gets nothing", async (method) => {
    await using lit = await open(
      `net (float[N,4] x) => (float[N,2] y) <float[3,2] v = random(2), int64[3] kept = {0,1,3}> { s = Gather <axis=1> (x, kept) h = Tanh(s) y = MatMul(h, v) }`,
    );
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 1000 }), async (seed) => {
        const { relevance } = await lit.explain(noise([2, 4], seed), { method, params: params(method), target: 0 });
        expect([numbers(relevance)[2], numbers(relevance)[6]]).toEqual([0, 0]);
      }),
      { numRuns: 5 },
    );
  });

  test("integrated gradients: inputs that count the same, with the same values, get the same", async () => {
    await using lit = await open(
      `net (float[N,3] x) => (float[N,2] y) <float[3,2] w = {1,-2,1,-2,0.5,3}> { a = MatMul(x, w) h = Tanh(a) y = Mul(h, h) }`,
    );
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: -20, max: 20 }), fc.integer({ min: -20, max: 20 }), async (a, b) => {
        const { relevance } = await lit.explain(floats([1, 3], [a / 10, a / 10, b / 10]), {
          method: "integrated-gradients",
          target: 1,
        });
        const [one, other] = numbers(relevance);
        expect(one).toBeCloseTo(other!, 6);
      }),
      { numRuns: 10 },
    );
  });

  test.each([...methods])("%s: the same numbers whatever the batch size, the same for the same seed", async (method) => {
    await using lit = await open(PICTURE);
    const x = noise([3, 2, 6, 6], 3);
    const map = async (options: ExplainOptions) =>
      numbers((await lit.explain(x, { method, params: params(method), target: [0, 2, 1], ...options })).relevance);
    const one = await map({ batch: 1 });
    for (const batch of [3, 64])
      for (const [i, v] of (await map({ batch })).entries()) expect(Math.abs(v - one[i]!)).toBeLessThanOrEqual(1e-6);
    expect(await map({ batch: 1 })).toEqual(one);
    expect(await map({ batch: 64, random: 7 })).toEqual(await map({ batch: 64, random: 7 }));
    if (method !== "integrated-gradients") expect(await map({ batch: 1, random: 7 })).not.toEqual(one);
    // A sample's map does not depend on the samples beside it.
    const first = await lit.explain({ ...x, dims: [1, 2, 6, 6], data: (x.data as Float32Array).slice(0, 72) } as Tensor, {
      method,
      params: params(method),
      target: 0,
      batch: 1,
    });
    for (const [i, v] of numbers(first.relevance).entries()) expect(Math.abs(v - one[i]!)).toBeLessThanOrEqual(1e-6);
  });
});

describe("one class for each sample", () => {
  test.each(["gradient", "integrated-gradients"])("%s: a list is each sample's own", async (method) => {
    await using lit = await open(SMOOTH);
    const x = noise([3, 4], 3);
    const { relevance, target } = await lit.explain(x, { method, target: [2, 0, 1] });
    expect(target).toEqual([[2], [0], [1]]);
    for (const [n, t] of [2, 0, 1].entries()) {
      const alone = await lit.explain(x, { method, target: t });
      close(numbers(relevance).slice(n * 4, n * 4 + 4), numbers(alone.relevance).slice(n * 4, n * 4 + 4), 6);
    }
    for (const bad of [[1, 2], [1, 2, 3], [1, [1, 2], 0], []])
      await expect(lit.explain(x, { method, target: bad as never })).rejects.toMatchObject({ _tag: "BadTarget" });
    await expect(lit.explain(x, { method, target: 3 })).rejects.toMatchObject({ _tag: "BadTarget" });
  });

  test("a model of one batch size gets full batches", async () => {
    await using lit = await open(SMOOTH.replace("float[N,4]", "float[2,4]").replace("float[N,3]", "float[2,3]"));
    const x = noise([2, 4], 3);
    const { relevance } = await lit.explain(x, { method: "integrated-gradients", params: { steps: 3 }, target: [0, 1] });
    await using free = await open(SMOOTH);
    close(
      numbers(relevance),
      numbers((await free.explain(x, { method: "integrated-gradients", params: { steps: 3 }, target: [0, 1] })).relevance),
      6,
    );
  });
});
