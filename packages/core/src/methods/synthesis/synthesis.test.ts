/** Activation maximization raises the score, the same way every time. */

import { expect, test } from "vitest";
import { nodeRuntime } from "../../../../backlit/src/host/runtime/node.ts";
import { model, noise } from "../../../test/support/run.ts";
import { type Explainer, load } from "../../explain/index.ts";
import { encodeModelBytes } from "../../onnx/index.ts";
import type { FloatTensor } from "../../tensor/float.ts";
import { frameOf } from "../cam/frame.ts";
import { blurPlanes, pullInside, roughness, shifted } from "./picture.ts";

const lit = async (text: string): Promise<Explainer> => load(encodeModelBytes(model(text)), { runtime: await nodeRuntime() });
const NET = `net (float[N,2,8,8] x) => (float[N,3] y) <float[4,2,3,3] k = random(1), float[4,3] w = random(3)> {
  z = Conv(x, k) a = Relu(z) p = GlobalAveragePool(a) f = Flatten(p) y = MatMul(f, w) }`;
const method = "activation-maximization";

test("the class asked for gets a high score, and the film shows the way", async () => {
  await using it = await lit(NET);
  const x = noise([2, 2, 8, 8], 1);
  for (const target of [0, 2]) {
    const { relevance, details, frames } = await it.explain(x, { method, params: { steps: 24, frames: 4, rate: 0.1 }, target });
    expect(relevance.dims).toEqual(x.dims);
    for (const n of [0, 1]) expect(details!.score![n]).toBeGreaterThan(details!["score at the start"]![n]! + 0.1);
    expect(frames!.map(({ title }) => title)).toEqual(["step 0", "step 8", "step 16", "step 24"]);
    expect(frames!.at(-1)!.values.data).toEqual(relevance.data);
    // What it made is what the model was asked about.
    const { output } = await it.explain(relevance, { method: "gradient", target });
    for (const n of [0, 1]) expect((output.data as Float32Array)[n * 3 + target]).toBeCloseTo(details!.score![n]!, 4);
    for (const v of relevance.data) expect(Math.abs(v)).toBeLessThan(4);
  }
});

test("the same seed makes the same picture, samples of a batch do not depend on each other, another seed makes another", async () => {
  await using it = await lit(NET);
  const of = async (samples: number, random: number) =>
    (await it.explain(noise([samples, 2, 8, 8], 1), { method, params: { steps: 6 }, target: 1, random })).relevance.data;
  const [once, again, alone, other] = [await of(2, 7), await of(2, 7), await of(1, 7), await of(2, 8)];
  expect(again).toEqual(once);
  alone.forEach((v, i) => {
    expect(v).toBeCloseTo(once[i]!, 4);
  });
  expect(other).not.toEqual(once);
});

test("a linear score is climbed along its weights", async () => {
  await using it = await lit("line (float[N,4] x) => (float[N,1] y) <float[4,1] w = {3,-1,0,2}> { y = MatMul(x, w) }");
  const params = { steps: 10, rate: 0.1, start: "zero", bound: 0 };
  const { relevance, details } = await it.explain(noise([1, 4], 1), { method, params, target: 1 });
  const rms = Math.sqrt(14 / 4); // of the gradient; ten steps of 0.1 go once that far
  [3, -1, 0, 2].forEach((w, i) => {
    expect(relevance.data[i]).toBeCloseTo(w / rms, 5);
  });
  expect(details!.score![0]).toBeCloseTo(14 / rms, 4);
});

test("a neuron inside is maximized by its name and index", async () => {
  await using it = await lit(NET);
  const options = { method, params: { steps: 12 }, output: "f", target: 3 };
  const { details } = await it.explain(noise([1, 2, 8, 8], 1), options);
  expect(details!.score![0]).toBeGreaterThan(details!["score at the start"]![0]!);
});

test("pictures are shifted around, blurred and smoothed whatever their axes", () => {
  const frame = { sizes: [2, 3], channels: 2, side: "first", shared: false } as const;
  const last = { ...frame, side: "last" } as const;
  const values = Float32Array.from({ length: 12 }, (_, i) => i);
  const swap = (v: Float32Array) => Float32Array.from({ length: 12 }, (_, i) => v[(i % 2) * 6 + Math.floor(i / 2)]!);
  const out = new Float32Array(12);
  shifted(values, frame, [1, -1], out);
  expect([...out]).toEqual([4, 5, 3, 1, 2, 0, 10, 11, 9, 7, 8, 6]);
  const back = new Float32Array(12);
  shifted(out, frame, [-1, 1], back);
  expect(back).toEqual(values);
  const other = new Float32Array(12);
  shifted(swap(values), last, [1, -1], other);
  expect(other).toEqual(swap(out));
  expect(roughness(swap(out), last)).toEqual(swap(roughness(out, frame)));
  // Derivative by differences of ½ Σ d².
  const energy = (v: Float32Array) => {
    let sum = 0;
    for (let c = 0; c < 2; c++)
      for (let i = 0; i < 2; i++)
        for (let j = 0; j < 3; j++) {
          const at = c * 6 + i * 3 + j;
          if (i < 1) sum += (v[at + 3]! - v[at]!) ** 2 / 2;
          if (j < 2) sum += (v[at + 1]! - v[at]!) ** 2 / 2;
        }
    return sum;
  };
  const slope = roughness(out, frame);
  for (let i = 0; i < 12; i++) {
    const moved = (by: number) => energy(out.map((v, k) => (k === i ? v + by : v)));
    expect(slope[i]).toBeCloseTo((moved(1) - moved(-1)) / 2, 4);
  }
  const [a, b] = [out.slice(), swap(out)];
  blurPlanes(a, frame, 1);
  blurPlanes(b, last, 1);
  expect(b).toEqual(swap(a));
  expect(energy(a)).toBeLessThan(energy(out));
  expect(pullInside(2, 2, 6)).toBe(1);
  expect(pullInside(-1, 2, 6)).toBeCloseTo(-(2 ** -5), 10);
  expect(frameOf({ x: noise([1, 5], 1) as FloatTensor, kind: "values" })).toEqual({
    sizes: [],
    channels: 5,
    side: "first",
    shared: false,
  });
});
