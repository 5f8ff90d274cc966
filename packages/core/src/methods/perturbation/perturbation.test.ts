/** Occlusion, ablation, RISE and LIME where the answer is known; and what all perturbation methods have in common. */

import { describe, expect, test } from "vitest";
import { nodeRuntime } from "../../../../backlit/src/host/runtime/node.ts";
import { floats, ints, model, noise } from "../../../test/support/run.ts";
import { load } from "../../explain/index.ts";
import { layoutOf } from "../../features/index.ts";
import { randomBy } from "../../numeric/random.ts";
import { encodeModelBytes } from "../../onnx/index.ts";
import { randomValues } from "../../onnx/parse-tensors.ts";
import { drawMask, enlarger, maskGrid } from "./masks.ts";

const open = async (net: string) => load(encodeModelBytes(model(net)), { runtime: await nodeRuntime() });
const values = (tensor: { readonly data: unknown }) => Array.from(tensor.data as Float32Array);

const linear = `net (float[N,2,6,5] x) => (float[N,3] y) <float[60,3] w = random(1), float[3] b = random(2)>
  { f = Flatten(x) m = MatMul(f, w) y = Add(m, b) }`;
const w = randomValues(1, 180);
const ALL = ["occlusion", "feature-ablation", "rise", "lime", "kernel-shap", "shapley"];

describe("occlusion", () => {
  test("is the mean over the windows that cover a value, those cut at the border too", async () => {
    await using lit = await open(linear);
    const x = noise([2, 2, 6, 5], 3);
    const e = await lit.explain(x, { method: "occlusion", target: 1, params: { window: "3x2", stride: "2x1", baseline: "0.5" } });
    const fall = (n: number, y: number, z: number) => {
      let total = 0;
      for (const c of [0, 1])
        for (let i = y; i < Math.min(6, y + 3); i++)
          for (let j = z; j < z + 2; j++) {
            const at = c * 30 + i * 5 + j;
            total += w[at * 3 + 1]! * (values(x)[n * 60 + at]! - 0.5);
          }
      return total;
    };
    for (let n = 0; n < 2; n++)
      for (let at = 0; at < 60; at++) {
        const [i, j] = [Math.floor((at % 30) / 5), at % 5];
        const covering = [0, 2, 4]
          .flatMap((y) => [0, 1, 2, 3].map((z) => [y, z] as const))
          .filter(([y, z]) => i >= y && i < y + 3 && j >= z && j < z + 2);
        const mean = covering.reduce((sum, [y, z]) => sum + fall(n, y, z), 0) / covering.length;
        expect(e.relevance.data[n * 60 + at]).toBeCloseTo(mean, 5);
      }
  });

  test("of single pixels is the linear model itself", async () => {
    await using lit = await open(linear.replaceAll("[N,2,6,5]", "[N,1,60]"));
    const x = noise([1, 1, 60], 3);
    const e = await lit.explain(x, { method: "occlusion", target: 2, params: { window: 1 } });
    values(x).forEach((value, i) => {
      expect(e.relevance.data[i]).toBeCloseTo(w[i * 3 + 2]! * value, 5);
    });
  });

  test("windows that fit no axis are errors", async () => {
    await using lit = await open(linear);
    const x = noise([1, 2, 6, 5], 3);
    for (const params of [{ window: "0" }, { window: "2x2x2" }, { stride: "x" }, { stride: "-1" }])
      await expect(lit.explain(x, { method: "occlusion", params })).rejects.toMatchObject({ _tag: "BadRecipe" });
  });
});

test("feature ablation of a linear model is w ⊙ (x − baseline), summed over groups", async () => {
  await using lit = await open(linear);
  const x = noise([2, 2, 6, 5], 3);
  const e = await lit.explain(x, { method: "feature-ablation", target: 0, params: { features: "feature", baseline: "0.25" } });
  values(x).forEach((value, i) => {
    expect(e.relevance.data[i]).toBeCloseTo(w[(i % 60) * 3]! * (value - 0.25), 5);
  });
  const channels = await lit.explain(x, {
    method: "feature-ablation",
    target: 0,
    params: { features: "channel", share: "whole" },
  });
  for (const c of [0, 1, 2, 3]) {
    const own = values(x).slice(c * 30, c * 30 + 30);
    const sum = own.reduce((total, value, i) => total + value * w[((c % 2) * 30 + i) * 3]!, 0);
    expect(channels.relevance.data[c * 30 + 7]).toBeCloseTo(sum, 5);
  }
});

describe("RISE", () => {
  const table = `net (float[N,6] x) => (float[N,3] y) <float[6,3] w = random(1), float[3] b = {0, 5, 0}> { m = MatMul(x, w) y = Add(m, b) }`;
  const weights = randomValues(1, 18);

  test("is the mean of masks weighted by the score, whatever is summed first", async () => {
    const net = linear.replaceAll("[N,2,6,5]", "[N,1,6,10]");
    await using lit = await open(net);
    const x = noise([2, 1, 6, 10], 3);
    const params = { masks: 50, cells: 3, keep: 0.4, baseline: "0.3" };
    const e = await lit.explain(x, { method: "rise", target: 1, params, random: 7 });
    const grid = maskGrid(layoutOf(x.dims, "space"), 3);
    const enlarge = enlarger(grid);
    const b = randomValues(2, 3)[1]!;
    for (let n = 0; n < 2; n++) {
      const expected = new Float64Array(60);
      for (let k = 0; k < 50; k++) {
        const { cells, shift } = drawMask(grid, 0.4, randomBy(7).stream(n, k));
        const mask = enlarge(cells, shift);
        let score = b;
        for (let i = 0; i < 60; i++) score += w[i * 3 + 1]! * (0.3 + mask[i]! * (values(x)[n * 60 + i]! - 0.3));
        for (let i = 0; i < 60; i++) expected[i]! += (score * mask[i]!) / (50 * 0.4);
      }
      expected.forEach((value, i) => {
        expect(e.relevance.data[n * 60 + i]).toBeCloseTo(value, 4);
      });
    }
  });

  test("signed, estimates what a feature of a linear model adds", async () => {
    await using lit = await open(table);
    const x = noise([1, 6], 9);
    const masks = 4000;
    const { data } = (await lit.explain(x, { method: "rise", target: 1, params: { masks, signed: true }, batch: 64 })).relevance;
    const parts = values(x).map((value, i) => value * weights[i * 3 + 1]!);
    // Each mean is over about half of the masks, with the other features' variance of p(1 − p) part².
    const deviation = Math.sqrt((4 / masks) * 0.25 * parts.reduce((sum, part) => sum + part ** 2, 0));
    parts.forEach((part, i) => {
      expect(Math.abs(data[i]! - part)).toBeLessThan(4 * deviation);
    });
  });

  test("masks are smooth, between 0 and 1, p on average, and single cells where there is no space", () => {
    const grid = maskGrid(layoutOf([1, 3, 50, 31], "space"), 7);
    expect(grid).toEqual({ cells: [7, 7], shifts: [8, 5], sizes: [50, 31] });
    const enlarge = enlarger(grid);
    let [total, steepest, least, most] = [0, 0, 1, 0];
    for (let k = 0; k < 100; k++) {
      const { cells, shift } = drawMask(grid, 0.3, randomBy(1).stream(k));
      const mask = enlarge(cells, shift);
      for (const [i, value] of mask.entries()) {
        [least, most] = [Math.min(least, value), Math.max(most, value)];
        if (i % 31 > 0) steepest = Math.max(steepest, Math.abs(value - mask[i - 1]!));
        total += value / (100 * mask.length);
      }
    }
    expect(least).toBeGreaterThanOrEqual(0);
    expect(most).toBeLessThanOrEqual(1);
    expect(total).toBeCloseTo(0.3, 1);
    expect(steepest).toBeLessThan(7 / 40 + 1e-9); // one cell in 40/7 positions of the enlarged row
    expect(maskGrid(layoutOf([1, 9, 4], "tokens"), 7)).toEqual({ cells: [9], shifts: [1], sizes: [9] });
    expect([...enlarger(maskGrid(layoutOf([1, 4], "values"), 7))(Float64Array.of(1, 0, 0, 1), 0)]).toEqual([1, 0, 0, 1]);
  });
});

describe("LIME", () => {
  test.each(["cosine", "euclidean"])("recovers a linear model (%s)", async (distance) => {
    await using lit = await open(linear);
    const x = noise([2, 2, 6, 5], 3);
    const params = {
      samples: 200,
      features: "grid:3",
      ridge: 1e-9,
      distance,
      kernel: distance === "cosine" ? 0.25 : 1,
      share: "whole",
    };
    const e = await lit.explain(x, { method: "lime", target: 1, params });
    const ablated = await lit.explain(x, {
      method: "feature-ablation",
      target: 1,
      params: { features: "grid:3", share: "whole" },
    });
    e.relevance.data.forEach((value, i) => {
      expect(value).toBeCloseTo(ablated.relevance.data[i]!, 4);
    });
  });

  test("draws where there are more coalitions than samples; the penalty shrinks", async () => {
    await using lit = await open(linear);
    const x = noise([1, 2, 6, 5], 3);
    const of = async (ridge: number) =>
      values((await lit.explain(x, { method: "lime", params: { samples: 300, features: "pixel", ridge } })).relevance);
    const size = (map: readonly number[]) => map.reduce((sum, v) => sum + v ** 2, 0);
    const [free, strong] = [await of(1e-9), await of(100)];
    const exact = values((await lit.explain(x, { method: "feature-ablation", params: { features: "pixel" } })).relevance);
    free.forEach((value, i) => {
      expect(value).toBeCloseTo(exact[i]!, 4);
    });
    expect(size(strong)).toBeLessThan(0.5 * size(free));
  });

  test("with fewer samples than weights says so", async () => {
    await using lit = await open(linear);
    const e = await lit.explain(noise([1, 2, 6, 5], 3), {
      method: "lime",
      params: { samples: 20, features: "feature", ridge: 0 },
    });
    expect(e.notices.join()).toMatch(/small penalty/);
  });
});

describe.each(ALL)("%s", (method) => {
  const picture = `net (float[N,1,8,8] x) => (float[N,3] y) <float[4,1,3,3] k = random(1), float[144,3] v = random(2)>
    { c = Conv(x, k) r = Relu(c) f = Flatten(r) y = MatMul(f, v) }`;
  const params = {
    occlusion: { window: 3, stride: 2 },
    "feature-ablation": { features: "grid:3" },
    rise: { masks: 70, cells: 4 },
    lime: { samples: 70, features: "slic:12" },
    "kernel-shap": { samples: 70, features: "slic:12" },
    shapley: { permutations: 6, features: "slic:12" },
  }[method]!;

  test("gives the same map whatever the batch, and the same again under the same seed", async () => {
    await using lit = await open(picture);
    const x = noise([3, 1, 8, 8], 3);
    const map = async (batch: number | undefined, random = 5) =>
      values((await lit.explain(x, { method, params, target: 1, random, ...(batch && { batch }) })).relevance);
    const one = await map(1);
    const size = Math.max(...one.map(Math.abs));
    expect(size).toBeGreaterThan(0);
    for (const batch of [3, 64, undefined])
      (await map(batch)).forEach((value, i) => {
        expect(Math.abs(value - one[i]!)).toBeLessThan(1e-5 * size);
      });
    expect(await map(3)).toEqual(await map(3));
    const drawn = ["rise", "lime", "kernel-shap", "shapley"].includes(method);
    expect((await map(1, 6)).some((value, i) => value !== one[i])).toBe(drawn);
  });

  test("treats a sample as if it were alone", async () => {
    await using lit = await open(picture);
    const x = noise([2, 1, 8, 8], 3);
    const first = { ...x, dims: [1, 1, 8, 8], data: (x.data as Float32Array).slice(0, 64) } as typeof x;
    const both = values((await lit.explain(x, { method, params, target: 0 })).relevance).slice(0, 64);
    const alone = values((await lit.explain(first, { method, params, target: 0 })).relevance);
    alone.forEach((value, i) => {
      expect(both[i]).toBeCloseTo(value, 5);
    });
  });

  test("gives all values of a token the same number", async () => {
    await using lit = await open(
      `net (int64[N,L] ids) => (float[N,2] y) <float[9,4] table = random(1), float[4,2] v = random(2), int64[1] one = {1}>
      { e = Gather(table, ids) t = Tanh(e) s = ReduceMean<axes=[1], keepdims=0>(t) y = MatMul(s, v) }`.replace(
        ", int64[1] one = {1}",
        "",
      ),
    );
    const short = method === "rise" ? { masks: 40 } : {};
    const e = await lit.explain(ints([1, 3], [2, 7, 1]), { method, target: 1, params: short });
    expect(e.relevance.dims).toEqual([1, 3, 4]);
    for (let token = 0; token < 3; token++) {
      const [first, ...rest] = values(e.relevance).slice(4 * token, 4 * token + 4);
      expect(rest).toEqual([first, first, first]);
      expect(first).not.toBe(0);
    }
  });

  test("serves a model the compiler cannot take apart", async () => {
    await using lit = await open(`net (float[N,2,2] x) => (float[N,2] y) <int64[1] one = {1}, float[1,2] s = {1, -2}>
      { d = Det(x) u = Unsqueeze(d, one) y = Mul(u, s) }`);
    const x = floats([1, 2, 2], [2, 1, 1, 3]);
    await expect(lit.explain(x, { method: "gradient", target: 0 })).rejects.toMatchObject({ _tag: "Unsupported" });
    const fine = method === "rise" ? {} : method === "occlusion" ? { window: 1 } : { features: "feature" };
    const e = await lit.explain(x, { method, target: 0, params: fine });
    const size = Math.max(...values(e.relevance).map(Math.abs));
    expect(size).toBeGreaterThan(0.1);
    // det = 2 · 3 − 1 · 1: the Shapley values of two products.
    if (method === "kernel-shap" || method === "shapley")
      values(e.relevance).forEach((value, i) => {
        expect(value).toBeCloseTo([3, -0.5, -0.5, 3][i]!, 5);
      });
  });
});
