/** Integrated and expected gradients, noise tunnels: what they add up to, and what they reduce to. */

import { describe, expect, test } from "vitest";
import { nodeRuntime } from "../../../../backlit/src/host/runtime/node.ts";
import { floats, ints, model, noise, numbers } from "../../../test/support/run.ts";
import { type ExplainOptions, load } from "../../explain/index.ts";
import { blurredBy } from "../../numeric/blur.ts";
import { QUADRATURES, quadrature } from "../../numeric/quadrature.ts";
import { encodeModelBytes } from "../../onnx/index.ts";
import type { Tensor } from "../../tensor/tensor.ts";

const blurred = (plane: Float32Array, sizes: readonly number[], sigma: number, out: Float32Array) =>
  out.set(blurredBy(plane, [1, ...sizes], sigma));
const open = async (text: string) => load(encodeModelBytes(model(text)), { runtime: await nodeRuntime() });

const SMOOTH = `net (float[N,4] x) => (float[N,3] y) <float[4,5] w = random(1), float[5] b = random(4), float[5,3] v = random(2)>
  { a = MatMul(x, w) c = Add(a, b) h = Tanh(c) y = MatMul(h, v) }`;
const PICTURE = `net (float[N,2,6,6] x) => (float[N,3] y) <float[4,2,3,3] w = random(1), float[4] b = random(4), float[4,3] v = random(2)>
  { a = Conv <pads=[1,1,1,1]> (x, w, b) h = Relu(a) p = GlobalAveragePool(h) f = Flatten(p) y = MatMul(f, v) }`;
const WEIGHTS = [0.5, -1, 2, 0.25];
const LINEAR = `net (float[N,4] x) => (float[N,1] y) <float[4,1] w = {${WEIGHTS}}> { y = MatMul(x, w) }`;
const SQUARES = `net (float[N,4] x) => (float[N,1] y) <float[4,1] w = {${WEIGHTS}}> { s = Mul(x, x) y = MatMul(s, w) }`;

const sumsOf = ({ dims, data }: { dims: readonly number[]; data: ArrayLike<number> }): number[] => {
  const width = data.length / dims[0]!;
  return Array.from({ length: dims[0]! }, (_, n) =>
    Array.from(data)
      .slice(n * width, (n + 1) * width)
      .reduce((a, b) => a + b, 0),
  );
};
/** f of every row, for a class. */
const scores = async (lit: Awaited<ReturnType<typeof open>>, x: Tensor, target: number, score = (z: number[]) => z[target]!) => {
  const { output } = await lit.explain(x, { method: "gradient" });
  const width = output.data.length / output.dims[0]!;
  const z = numbers(output);
  return Array.from({ length: output.dims[0]! }, (_, n) => score(z.slice(n * width, (n + 1) * width)));
};
const close = (got: readonly number[], want: readonly number[], digits = 5) => {
  expect(got.length).toBe(want.length);
  for (const [i, v] of got.entries()) expect(v, `at ${i}`).toBeCloseTo(want[i]!, digits);
};

describe("quadratures", () => {
  const error = (name: string, steps: number) =>
    Math.abs(quadrature(name, steps).reduce((sum, { at, weight }) => sum + weight * Math.exp(at), 0) - (Math.E - 1));
  test.each([
    ["left", 1],
    ["right", 1],
    ["midpoint", 2],
    ["trapezoid", 2],
  ])("%s converges with order %i", (name, order) => {
    expect(Math.log2(error(name, 16) / error(name, 32))).toBeCloseTo(order, 1);
    expect(Math.log2(error(name, 64) / error(name, 128))).toBeCloseTo(order, 1);
  });
  test("gauss-legendre is exact up to degree 2n − 1, and no further", () => {
    for (let n = 1; n <= 6; n++)
      for (let degree = 0; degree <= 2 * n; degree++) {
        const miss =
          quadrature("gauss-legendre", n).reduce((sum, { at, weight }) => sum + weight * at ** degree, 0) - 1 / (degree + 1);
        if (degree < 2 * n) expect(Math.abs(miss)).toBeLessThan(1e-13);
        else expect(Math.abs(miss)).toBeGreaterThan(1e-9);
      }
    expect(error("gauss-legendre", 8)).toBeLessThan(1e-14);
  });
  test("weights add up to 1, points lie on the line", () => {
    for (const name of QUADRATURES)
      for (const steps of [1, 2, 7, 100]) {
        const nodes = quadrature(name, steps);
        expect(nodes.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 12);
        expect(nodes.every(({ at, weight }) => at >= 0 && at <= 1 && weight > 0)).toBe(true);
      }
  });
});

test("a blur keeps constants, spreads a point evenly, and repeats the border", () => {
  const out = new Float32Array(35);
  blurred(new Float32Array(35).fill(3), [5, 7], 2, out);
  close([...out], new Array(35).fill(3), 6);
  blurred(
    Float32Array.from({ length: 35 }, (_, i) => (i === 17 ? 1 : 0)),
    [5, 7],
    0.8,
    out,
  );
  close([...out].reverse(), [...out], 6);
  expect(out[18]! / out[17]!).toBeCloseTo(Math.exp(-1 / (2 * 0.8 ** 2)), 5);
  blurred(Float32Array.from([1, 0, 0, 0]), [4], 0.5, out.subarray(0, 4));
  const side = Math.exp(-2) / (1 + 2 * Math.exp(-2) + 2 * Math.exp(-8));
  expect(out[1]).toBeCloseTo(side + Math.exp(-8) / (1 + 2 * Math.exp(-2) + 2 * Math.exp(-8)), 5); // the point and its copy beyond the border
});

describe("integrated gradients", () => {
  test.each([...QUADRATURES])("complete with %s, for every score", async (name) => {
    await using lit = await open(SMOOTH);
    const x = noise([2, 4], 3, 4);
    const zero = floats([2, 4], new Float32Array(8));
    const odds = (z: number[]) => {
      const p = Math.exp(z[1]!) / z.reduce((sum, v) => sum + Math.exp(v), 0);
      return { logit: z[1]!, probability: p, "log-odds": Math.log(p / (1 - p)) };
    };
    for (const score of ["logit", "probability", "log-odds"] as const) {
      const options: ExplainOptions = {
        method: "integrated-gradients",
        params: { quadrature: name, steps: 100, output: score },
        target: 1,
      };
      const { relevance, details } = await lit.explain(x, options);
      const of = async (at: Tensor) => scores(lit, at, 1, (z) => odds(z)[score]);
      const [full, none] = [await of(x), await of(zero)];
      const order = name === "left" || name === "right" ? 1.5 : 3;
      close(
        sumsOf(relevance),
        full.map((v, n) => v - none[n]!),
        order,
      );
      close(
        details!.gap!,
        full.map((v, n) => v - none[n]! - sumsOf(relevance)[n]!),
        5,
      );
    }
  });

  test("of a probability among independent classes", async () => {
    await using lit = await open(SMOOTH.replace("y = MatMul(h, v)", "z = MatMul(h, v) y = Sigmoid(z)"));
    const x = noise([2, 4], 3, 4);
    for (const output of ["probability", "log-odds"]) {
      const { relevance, details } = await lit.explain(x, {
        method: "integrated-gradients",
        params: { steps: 60, output },
        target: 1,
      });
      const score = (z: number[]) => (output === "probability" ? z[1]! : Math.log(z[1]! / (1 - z[1]!)));
      const [full, none] = [await scores(lit, x, 1, score), await scores(lit, floats([2, 4], new Float32Array(8)), 1, score)];
      close(
        sumsOf(relevance),
        full.map((v, n) => v - none[n]!),
        3,
      );
      close(details!.gap!, [0, 0], 3);
    }
  });

  test("the gap is told when it is large", async () => {
    await using lit = await open(SMOOTH);
    const x = noise([1, 4], 3, 20);
    const few = await lit.explain(x, { method: "integrated-gradients", params: { quadrature: "left", steps: 1 }, target: 1 });
    expect(few.notices.join()).toMatch(/integrated gradients of sample 0 miss/);
    const many = await lit.explain(x, { method: "integrated-gradients", params: { steps: 400 }, target: 1 });
    expect(many.notices.join()).not.toMatch(/miss/);
  });

  test("baselines: numbers, means, blurs, several at once", async () => {
    await using lit = await open(PICTURE);
    const x = noise([2, 2, 6, 6], 3);
    const filled = (value: (n: number, c: number) => number) =>
      floats(
        [2, 2, 6, 6],
        Float32Array.from({ length: 144 }, (_, i) => value(Math.floor(i / 72), Math.floor(i / 36) % 2)),
      );
    const channel = (n: number, c: number) =>
      numbers(x)
        .slice(n * 72 + c * 36, n * 72 + (c + 1) * 36)
        .reduce((a, b) => a + b, 0) / 36;
    const full = await scores(lit, x, 2);
    const sum = async (baseline: string | number, references?: Tensor) =>
      sumsOf(
        (
          await lit.explain(x, {
            method: "integrated-gradients",
            params: { baseline, steps: 300 },
            target: 2,
            ...(references && { references }),
          })
        ).relevance,
      );
    const less = async (base: Tensor) => (await scores(lit, base, 2)).map((v, n) => full[n]! - v);
    close(await sum(0), await less(filled(() => 0)), 3);
    close(await sum("0.5"), await less(filled(() => 0.5)), 3);
    close(await sum("mean"), await less(filled(channel)), 3);
    const soft = floats(x.dims, new Float32Array(144));
    for (let c = 0; c < 4; c++)
      blurred((x.data as Float32Array).subarray(c * 36, (c + 1) * 36), [6, 6], 1.5, (soft.data as Float32Array).subarray(c * 36));
    close(await sum("blur:1.5"), await less(soft), 3);
    const references = noise([3, 2, 6, 6], 8);
    const middle = floats(
      [2, 2, 6, 6],
      Array.from({ length: 144 }, (_, i) => [0, 72, 144].reduce((s, at) => s + numbers(references)[at + (i % 72)]!, 0) / 3),
    );
    close(await sum("mean", references), await less(middle), 3);
    const [a, b] = [await less(filled(() => 0)), await less(filled(() => 0.5))];
    close(
      await sum("zero+0.5"),
      a.map((v, n) => (v + b[n]!) / 2),
      3,
    );
    await expect(sum("grey")).rejects.toMatchObject({ _tag: "BadRecipe" });
    await expect(sum("mean", noise([3, 4], 8))).rejects.toMatchObject({ _tag: "BadInput" });
  });

  test("token models: the embedding moves", async () => {
    const tokens = `net (int64[N,L] ids) => (float[N,2] y) <float[7,4] table = random(3), float[4,2] v = random(2)>
      { e = Gather(table, ids) h = Tanh(e) m = ReduceMean <axes=[1], keepdims=0> (h) y = MatMul(m, v) }`;
    await using lit = await open(tokens);
    const ids = ints([2, 3], [1, 5, 2, 6, 0, 3]);
    const { relevance, details } = await lit.explain(
      { ids },
      { method: "integrated-gradients", params: { steps: 8, quadrature: "gauss-legendre" }, target: 1 },
    );
    expect(relevance.dims).toEqual([2, 3, 4]);
    close(sumsOf(relevance), await scores(lit, ids, 1)); // f of zero embeddings is 0
    close(details!.gap!, [0, 0]);
  });

  test("several inputs move together", async () => {
    const two = `net (float[N,4] a, float[N,2,3] b) => (float[N,2] y) <float[4,2] v = random(2), float[6,2] w = random(5)>
      { p = MatMul(a, v) f = Flatten(b) q = MatMul(f, w) y = Mul(p, q) }`;
    await using lit = await open(two);
    const feeds = { a: noise([3, 4], 1), b: noise([3, 2, 3], 2) };
    const { output, relevances, recipe } = await lit.explain(feeds, {
      method: "integrated-gradients",
      target: 1,
      params: { steps: 4 },
    });
    const y = Array.from({ length: 3 }, (_, n) => numbers(output)[n * 2 + 1]!);
    close(
      sumsOf(relevances.a!),
      y.map((v) => v / 2),
    ); // a product of two linear functions: half each
    close(
      sumsOf(relevances.b!),
      y.map((v) => v / 2),
    );
    expect(relevances.b!.dims).toEqual([3, 2, 3]);
    expect(recipe).toMatchObject({ explain: ["a", "b"] });
    const alone = await lit.explain(feeds, { method: "integrated-gradients", target: 1, params: { steps: 4 }, explain: "a" });
    close(sumsOf(alone.relevance), y); // b held fixed
  });
});

describe("expected gradients", () => {
  test("with one reference they are integrated gradients", async () => {
    await using lit = await open(SMOOTH);
    const [x, references] = [noise([2, 4], 3), noise([1, 4], 8)];
    const { relevance, spread } = await lit.explain(x, {
      method: "expected-gradients",
      params: { samples: 400 },
      references,
      target: 1,
    });
    const line = await lit.explain(x, {
      method: "integrated-gradients",
      params: { baseline: "mean", steps: 100 },
      references,
      target: 1,
    });
    close(numbers(relevance), numbers(line.relevance), 3);
    expect(spread!.dims).toEqual([2, 4]);
  });

  test("add up to f(x) − mean f(references)", async () => {
    await using lit = await open(SMOOTH);
    const [x, references] = [noise([2, 4], 3), noise([5, 4], 8)];
    const { relevance } = await lit.explain(x, {
      method: "expected-gradients",
      params: { samples: 2000 },
      references,
      target: 1,
    });
    const mean = (await scores(lit, references, 1)).reduce((a, b) => a + b, 0) / 5;
    const full = await scores(lit, x, 1);
    for (const [n, sum] of sumsOf(relevance).entries()) expect(Math.abs(sum - (full[n]! - mean))).toBeLessThan(2e-3);
  });

  test("the spread is the standard error: it falls with the root of the draws", async () => {
    await using lit = await open(SQUARES);
    const [x, references] = [noise([1, 4], 3), noise([5, 4], 8)];
    const spread = async (samples: number) =>
      numbers((await lit.explain(x, { method: "expected-gradients", params: { samples }, references })).spread);
    const [few, many] = [await spread(100), await spread(1600)];
    for (const [i, v] of few.entries()) expect(v / many[i]!).toBeCloseTo(4, 0);
  });
});

describe("noise tunnels", () => {
  test("on a linear model: the gradient, its square, and no variance", async () => {
    await using lit = await open(LINEAR);
    const x = noise([2, 4], 3);
    const map = async (method: string) =>
      numbers((await lit.explain(x, { method, params: { samples: 10 }, target: 1 })).relevance);
    close(await map("smoothgrad"), [...WEIGHTS, ...WEIGHTS], 6);
    close(
      await map("smoothgrad-squared"),
      [...WEIGHTS, ...WEIGHTS].map((w) => w * w),
      5,
    );
    close(await map("vargrad"), new Array(8).fill(0), 6);
  });

  test("on a quadratic one: mean, variance and standard error are those of the noise", async () => {
    await using lit = await open(SQUARES);
    const x = noise([1, 4], 3);
    const sigma = 0.2 * (Math.max(...numbers(x)) - Math.min(...numbers(x)));
    const params = { samples: 4000, level: 0.2 };
    const { relevance, spread } = await lit.explain(x, { method: "smoothgrad", params, target: 1 });
    const { relevance: variance } = await lit.explain(x, { method: "vargrad", params, target: 1 });
    WEIGHTS.forEach((w, i) => {
      const deviation = 2 * Math.abs(w) * sigma; // of 2 w x
      expect(Math.abs(numbers(relevance)[i]! - 2 * w * numbers(x)[i]!)).toBeLessThan(5 * (deviation / Math.sqrt(4000)));
      expect(numbers(variance)[i]! / deviation ** 2).toBeCloseTo(1, 0.8);
      expect(numbers(spread)[i]! / (deviation / Math.sqrt(4000))).toBeCloseTo(1, 0.8);
    });
  });

  test("around compiled methods, composites and methods of several passes: without noise they are unchanged", async () => {
    await using lit = await open(PICTURE);
    const x = noise([2, 2, 6, 6], 3);
    const inside = async (of: string, options: ExplainOptions) => {
      const { relevance } = await lit.explain(x, { method: "smoothgrad", params: { of, samples: 3, level: 0 }, target: [1, 2] });
      close(numbers(relevance), numbers((await lit.explain(x, { ...options, target: [1, 2] })).relevance), 5);
    };
    await inside("gradient-x-input", { method: "gradient-x-input" });
    await inside("epsilon-plus", { composite: { name: "epsilon-plus" } });
    await inside("epsilon-gamma-box:low=-1,high=1", { composite: { name: "epsilon-gamma-box", params: { low: -1, high: 1 } } });
    await inside("integrated-gradients:steps=5,baseline=blur:1", {
      method: "integrated-gradients",
      params: { steps: 5, baseline: "blur:1" },
    });
    await expect(inside("nothing", {})).rejects.toMatchObject({ _tag: "BadRecipe" });
    await expect(inside("gradient:steps", {})).rejects.toMatchObject({ _tag: "BadRecipe" });
  });

  test("clamped noise stays in the sample's range", async () => {
    await using lit = await open(SQUARES);
    const x = floats([1, 4], [0, 0, 0, 1]);
    const mean = async (clamp: boolean) =>
      numbers((await lit.explain(x, { method: "smoothgrad", params: { samples: 500, level: 1, clamp }, target: 1 })).relevance);
    const [free, held] = [await mean(false), await mean(true)];
    expect(Math.abs(free[2]!)).toBeLessThan(1); // of mean 0
    expect(held[2]! / 4).toBeGreaterThan(0.3); // only noise above 0 is left: about 0.32 + 1/6
  });
});
