/** Class activation maps against closed forms, on nets small enough to work out. */

import { expect, test } from "vitest";
import { nodeRuntime } from "../../../../backlit/src/host/runtime/node.ts";
import { floats, model, noise, numbers, runModel } from "../../../test/support/run.ts";
import { type Explainer, load } from "../../explain/index.ts";
import { encodeModelBytes } from "../../onnx/index.ts";
import type { FloatTensor } from "../../tensor/float.ts";
import { firstComponent } from "./eigen.ts";
import { frameOf, gridOf } from "./frame.ts";
import { stretched } from "./map.ts";

const lit = async (text: string): Promise<Explainer> => load(encodeModelBytes(model(text)), { runtime: await nodeRuntime() });

/** Convolution, ReLU, global average pool, dense: the nets CAM was made for. */
const POOLED = `pooled (float[N,2,6,4] x) => (float[N,3] y) <float[5,2,3,3] k = random(1), float[5] b = random(2), float[5,3] w = random(3), float[3] c = random(4)> {
  z = Conv <pads = [1,1,1,1]> (x, k, b) a = Relu(z) p = GlobalAveragePool(a) f = Flatten(p) y = Gemm(f, w, c) }`;
const LAYER_OF_POOLED = POOLED.replace("(float[N,3] y)", "(float[N,3] y, float[N,5,6,4] a)");
const RAW = { relu: false, resize: "none" } as const;

/** Σₖ wₖ A_kp in float64, and the parts it is made of. */
const pooledByHand = async (x: ReturnType<typeof noise>, classes: readonly number[]) => {
  const m = model(LAYER_OF_POOLED);
  const out = await runModel(m, { x });
  const tensor = (name: string) => new Float32Array(m.graph.initializer.find((t) => t.name === name)!.rawData!.slice().buffer);
  const [w, c, a, y] = [tensor("w"), tensor("c"), numbers(out.a), numbers(out.y)];
  return classes.map((label, n) => ({
    map: Array.from({ length: 24 }, (_, p) => {
      let sum = 0;
      for (let k = 0; k < 5; k++) sum += w[k * 3 + label]! * a[(n * 5 + k) * 24 + p]!;
      return sum;
    }),
    logit: y[n * 3 + label]! - c[label]!,
  }));
};

const rowsOf = ({ data, dims }: { data: Float32Array; dims: readonly number[] }) =>
  Array.from({ length: dims[0]! }, (_, n) =>
    Array.from(data.subarray((n * data.length) / dims[0]!, ((n + 1) * data.length) / dims[0]!)),
  );
const close = (got: readonly number[], want: readonly number[], tolerance = 1e-5) => {
  const size = Math.hypot(...want);
  expect(Math.hypot(...got.map((v, i) => v - want[i]!)) / (size || 1)).toBeLessThan(tolerance);
};
const total = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);

test("on pooled nets cam is the class's weights times the channels; the gradient methods are that map over its positions", async () => {
  await using it = await lit(POOLED);
  const x = noise([2, 2, 6, 4], 5);
  const byHand = await pooledByHand(x, [2, 2]);
  const of = async (method: string) => (await it.explain(x, { method, params: RAW, target: 2 })).relevance;
  const map = await of("cam");
  expect(map.dims).toEqual([2, 1, 6, 4]);
  for (const [n, row] of rowsOf(map).entries()) {
    close(row, byHand[n]!.map);
    expect(total(row) / 24).toBeCloseTo(byHand[n]!.logit, 5);
  }
  for (const method of ["grad-cam", "hirescam", "xgrad-cam"])
    for (const [n, row] of rowsOf(await of(method)).entries()) {
      close(
        row,
        byHand[n]!.map.map((v) => v / 24),
      );
      expect(total(row)).toBeCloseTo(byHand[n]!.logit, 5);
    }
});

test("where the gradient varies, the methods differ as their formulas do", async () => {
  // f = Σ v ⊙ tanh(u ⊙ a) with an identity convolution: A = x (channels 2, positions 4) and G = v u (1 − tanh²) are known.
  await using it =
    await lit(`varying (float[N,2,2,2] x) => (float[N,1] y) <float[2,2,1,1] k = {1,0,0,1}, float[8,1] v = random(7)> {
    a = Conv(x, k) t = Tanh(a) f = Flatten(t) y = MatMul(f, v) }`);
  const m = model("m (float[N,8] x) => (float[N,1] y) <float[8,1] v = random(7)> { y = MatMul(x, v) }");
  const v = Float64Array.from(new Float32Array(m.graph.initializer[0]!.rawData!.slice().buffer));
  const x = floats([1, 2, 2, 2], [0.3, 1.2, 0.7, 0.1, 0.9, 0.4, 0.2, 1.5]);
  const A = Float64Array.from(x.data as Float32Array);
  const G = A.map((a, i) => v[i]! * (1 - Math.tanh(a) ** 2));
  const channel = (values: Float64Array, k: number) => values.subarray(4 * k, 4 * k + 4);
  const sum = (values: Float64Array) => values.reduce((a, b) => a + b, 0);
  const combined = (weight: (k: number) => number) => [0, 1, 2, 3].map((p) => weight(0) * A[p]! + weight(1) * A[4 + p]!);
  const expected: Record<string, number[]> = {
    "grad-cam": combined((k) => sum(channel(G, k)) / 4),
    "grad-cam++": combined((k) =>
      sum(channel(G, k).map((g) => (g * g * Math.max(g, 0)) / (2 * g * g + sum(channel(A, k)) * g ** 3))),
    ),
    "xgrad-cam": combined((k) => sum(channel(A, k).map((a, p) => a * channel(G, k)[p]!)) / sum(channel(A, k))),
    hirescam: [0, 1, 2, 3].map((p) => A[p]! * G[p]! + A[4 + p]! * G[4 + p]!),
    "layer-cam": [0, 1, 2, 3].map((p) => A[p]! * Math.max(G[p]!, 0) + A[4 + p]! * Math.max(G[4 + p]!, 0)),
  };
  for (const [method, want] of Object.entries(expected)) {
    const { relevance } = await it.explain(x, { method, params: { ...RAW, layer: "a" }, target: 1 });
    close(Array.from(relevance.data), want);
  }
  await expect(it.explain(x, { method: "cam", params: { layer: "a" }, target: 1 })).rejects.toThrow(/does not fit/);
});

test("relu cuts, input size interpolates", async () => {
  await using it = await lit(POOLED);
  const x = noise([1, 2, 6, 4], 6);
  const raw = await it.explain(x, { method: "grad-cam", params: RAW, target: 0 });
  const cut = await it.explain(x, { method: "grad-cam", params: { resize: "none" }, target: 0 });
  expect(raw.relevance.data.some((v) => v < 0)).toBe(true);
  expect(Array.from(cut.relevance.data)).toEqual(Array.from(raw.relevance.data, (v) => Math.max(v, 0)));
  // Half-pixel centres: [0, 4] on four positions, at −0.25 (held), 0.25, 0.75, 1.25 (held).
  expect([...stretched(Float64Array.of(0, 4), [2], [4])]).toEqual([0, 1, 3, 4]);
  expect([...stretched(Float64Array.of(0, 4, 8, 12), [2, 2], [2, 4])]).toEqual([0, 1, 3, 4, 8, 9, 11, 12]);
});

test("eigen-cam is the first singular vector times its value", async () => {
  // Of rank one: σ v is known. Both signs of the matrix give the same map.
  const [u, v] = [
    [1, -2, 2],
    [0.5, 1, -0.25, 2],
  ];
  const matrix = Float64Array.from(u.flatMap((a) => v.map((b) => a * b)));
  close(
    [...firstComponent(matrix, 4)],
    v.map((b) => 3 * b),
    1e-10,
  );
  close(
    [
      ...firstComponent(
        matrix.map((a) => -a),
        4,
      ),
    ],
    v.map((b) => 3 * b),
    1e-10,
  );
  expect([...firstComponent(new Float64Array(6), 3)]).toEqual([0, 0, 0]);
  await using it = await lit(POOLED);
  const x = noise([1, 2, 6, 4], 8);
  const maps = await Promise.all([0, 1].map((target) => it.explain(x, { method: "eigen-cam", target })));
  expect(maps[0]!.relevance.data).toEqual(maps[1]!.relevance.data);
});

test("ablation-cam weighs a channel by what its absence costs", async () => {
  await using it = await lit(POOLED);
  const x = noise([2, 2, 6, 4], 9);
  const { relevance, output } = await it.explain(x, { method: "ablation-cam", params: RAW, target: 1 });
  const m = model(LAYER_OF_POOLED);
  const a = numbers((await runModel(m, { x })).a);
  const w = new Float32Array(m.graph.initializer.find((t) => t.name === "w")!.rawData!.slice().buffer);
  for (const [n, row] of rowsOf(relevance).entries()) {
    const f = (output.data as Float32Array)[n * 3 + 1]!;
    const own = (k: number) => a.slice((n * 5 + k) * 24, (n * 5 + k + 1) * 24);
    // Linear behind the layer: what falls is the channel's own part, wₖ mean Aₖ.
    const want = Array.from({ length: 24 }, (_, p) =>
      total([0, 1, 2, 3, 4].map((k) => ((w[k * 3 + 1]! * total(own(k))) / 24 / Math.abs(f)) * own(k)[p]!)),
    );
    close(row, want, 1e-4);
  }
  const few = await it.explain(x, { method: "ablation-cam", params: { ...RAW, channels: 1 }, target: 1 });
  expect(few.relevance.data).not.toEqual(relevance.data);
});

test("score-cam weighs a channel by the score of the input seen through it", async () => {
  // The layer is the input: channel k as mask. f = x₀ + 2 x₁ summed over positions.
  await using it =
    await lit(`plain (float[N,2,2,2] x) => (float[N,2] y) <float[2,2,1,1] k = {1,0,0,1}, float[2,2] w = {1,0,2,0}> {
    z = Conv(x, k) a = Relu(z) p = GlobalAveragePool(a) f = Flatten(p) y = MatMul(f, w) }`);
  const x = floats([1, 2, 2, 2], [0, 1, 2, 4, 3, 1, 0, 0]);
  const masks = [
    [0, 0.25, 0.5, 1],
    [1, 1 / 3, 0, 0],
  ];
  const data = Array.from(x.data as Float32Array);
  const scores = masks.map((mask) => total(data.map((v, i) => (v * mask[i % 4]! * (i < 4 ? 1 : 2)) / 4)));
  const weightsOf = { softmax: scores.map((s) => Math.exp(s) / total(scores.map(Math.exp))), difference: scores };
  for (const [weights, w] of Object.entries(weightsOf)) {
    const { relevance } = await it.explain(x, { method: "score-cam", params: { weights }, target: 0 });
    close(
      Array.from(relevance.data),
      [0, 1, 2, 3].map((p) => w[0]! * data[p]! + w[1]! * data[4 + p]!),
    );
  }
});

test("guided-grad-cam is guided backpropagation where grad-cam is positive", async () => {
  await using it = await lit(POOLED);
  const x = noise([2, 2, 6, 4], 10);
  const [both, guided, map] = await Promise.all(
    ["guided-grad-cam", "guided-backprop", "grad-cam"].map((method) => it.explain(x, { method, target: 0 })),
  );
  expect(both!.relevance.dims).toEqual(x.dims);
  const want = guided!.relevance.data.map((v, i) => v * map!.relevance.data[Math.floor(i / 48) * 24 + (i % 24)]!);
  close(Array.from(both!.relevance.data), Array.from(want));
});

test("the layer: past batch norm, activation and residual sum, before pools and gates", async () => {
  const nets: Record<string, [string, string]> = {
    "the sum of a residual block": [
      `residual (float[N,2,4,4] x) => (float[N,3] y) <float[2,2,3,3] k = random(1), float[2,3] w = random(3)> {
        z = Conv <pads = [1,1,1,1]> (x, k) s = Add(z, x) a = Relu(s) q = MaxPool <kernel_shape = [2,2], strides = [2,2]> (a) p = GlobalAveragePool(q) f = Flatten(p) y = MatMul(f, w) }`,
      "a",
    ],
    "SiLU in two nodes": [
      `silu (float[N,2,4,4] x) => (float[N,3] y) <float[2,2,3,3] k = random(1), float[2,3] w = random(3)> {
        z = Conv (x, k) g = Sigmoid(z) a = Mul(z, g) p = ReduceMean <axes = [2,3], keepdims = 0> (a) y = MatMul(p, w) }`,
      "a",
    ],
    "branches side by side": [
      `branches (float[N,2,4,4] x) => (float[N,3] y) <float[2,2,1,1] k = random(1), float[2,2,1,1] l = random(2), float[4,3] w = random(3)> {
        u = Conv(x, k) v = Conv(x, l) a = Concat <axis = 1> (u, v) p = GlobalAveragePool(a) f = Flatten(p) y = MatMul(f, w) }`,
      "a",
    ],
  };
  for (const [what, [text, value]] of Object.entries(nets)) {
    await using it = await lit(text);
    const { notices } = await it.explain(noise([1, 2, 4, 4], 3), { method: "hirescam", target: 0 });
    expect(notices.join(), what).toContain(`made of '${value}'`);
  }
  await using flat = await lit("flat (float[N,4] x) => (float[N,2] y) <float[4,2] w = random(1)> { y = MatMul(x, w) }");
  await expect(flat.explain(noise([1, 4], 1), { method: "grad-cam" })).rejects.toThrow(/no map/);
  await using pooled = await lit(POOLED);
  const x = noise([1, 2, 6, 4], 1);
  await expect(pooled.explain(x, { method: "grad-cam", params: { layer: "nothing" } })).rejects.toThrow(/no value 'nothing'/);
  await expect(pooled.explain(x, { method: "grad-cam", params: { layer: "f" } })).rejects.toThrow(/is no map/);
});

test("signals and pictures with channels last have maps of their own shape", async () => {
  await using signal =
    await lit(`signal (float[N,2,8] x) => (float[N,3] y) <float[4,2,3] k = random(1), float[4,3] w = random(3)> {
    z = Conv <strides = [2]> (x, k) a = Relu(z) p = GlobalAveragePool(a) f = Flatten(p) y = MatMul(f, w) }`);
  expect((await signal.explain(noise([2, 2, 8], 1), { method: "grad-cam" })).relevance.dims).toEqual([2, 1, 8]);
  expect((await signal.explain(noise([2, 2, 8], 1), { method: "grad-cam", params: RAW })).relevance.dims).toEqual([2, 1, 3]);
  await using last =
    await lit(`last (float[N,6,6,3] x) => (float[N,3] y) <float[4,3,3,3] k = random(1), float[4,3] w = random(3)> {
    t = Transpose <perm = [0,3,1,2]> (x) z = Conv(t, k) a = Relu(z) p = GlobalAveragePool(a) f = Flatten(p) y = MatMul(f, w) }`);
  expect((await last.explain(noise([2, 6, 6, 3], 1), { method: "grad-cam" })).relevance.dims).toEqual([2, 6, 6, 1]);
  expect((await last.explain(noise([2, 6, 6, 3], 1), { method: "guided-grad-cam" })).relevance.dims).toEqual([2, 6, 6, 3]);
});

test("tokens stand for patches, class and register tokens in front", () => {
  expect(gridOf(197, [224, 224])).toEqual({ sizes: [14, 14], skip: 1 });
  expect(gridOf(196, [224, 224])).toEqual({ sizes: [14, 14], skip: 0 });
  expect(gridOf(198, [224, 224])).toEqual({ sizes: [14, 14], skip: 2 });
  expect(gridOf(261, [224, 224])).toEqual({ sizes: [16, 16], skip: 5 });
  expect(gridOf(2 * 4 + 1, [32, 64])).toEqual({ sizes: [2, 4], skip: 1 });
  expect(gridOf(3, [32, 32])).toBeUndefined();
  expect(frameOf({ x: noise([1, 7, 16], 1) as FloatTensor, kind: "tokens" })).toEqual({
    sizes: [7],
    channels: 16,
    side: "last",
    shared: true,
  });
});
