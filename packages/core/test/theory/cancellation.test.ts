/**
 * Relevance over a sum that nearly cancels: what is left of z has lost digits in float32, and ε-rules divide by it. Each layer's first
 * output is brought to 1e-4; the relevance must still be that of float64.
 */
import { describe, expect, test } from "vitest";
import type { Recipe } from "../../src/plan/index.ts";
import { expectClose, relativeError, sum } from "../support/compare.ts";
import { type Dense, denseRule, forward } from "../support/dense.ts";
import { denseOf, type Layer, layerText, NAMES, size } from "../support/layers.ts";
import { explain, floats, noise, numbers } from "../support/run.ts";

const SMALL = 1e-4;
const layer = (name: string, dims: readonly number[], nodes: string, out: readonly number[], held?: string): Layer => ({
  name,
  inputs: [dims],
  nodes,
  out,
  ...(held && { held }),
});

const layers: readonly Layer[] = [
  layer("an average pool", [1, 2, 6, 6], "z = AveragePool <kernel_shape=[3,3], strides=[2,2]> (a)", [1, 2, 2, 2]),
  layer(
    "an average pool that counts its padding",
    [1, 2, 7, 6],
    "z = AveragePool <kernel_shape=[3,3], strides=[2,2], pads=[1,1,1,1], count_include_pad=1> (a)",
    [1, 2, 4, 3],
  ),
  layer(
    "an average pool with ceil_mode",
    [1, 2, 6, 5],
    "z = AveragePool <kernel_shape=[3,2], strides=[2,2], ceil_mode=1, pads=[1,0,0,0]> (a)",
    [1, 2, 3, 3],
  ),
  layer("a global average pool", [1, 3, 5, 7], "z = GlobalAveragePool(a)", [1, 3, 1, 1]),
  layer("a mean", [2, 9, 4], "z = ReduceMean <axes=[1]> (a)", [2, 1, 4]),
  layer("a sum", [2, 9, 4], "z = ReduceSum(a, axes)", [2, 1, 4], "int64[1] axes = {1}"),
  {
    ...layer(
      "a ConvTranspose",
      [2, 6, 4, 5],
      "z = ConvTranspose <strides=[2,1], pads=[1,0,0,1], dilations=[1,2]> (a, w, BIAS)",
      [2, 3, 8, 8],
      "float[6,3,3,3] w = random(1)",
    ),
    bias: "float[3]",
  },
  layer(
    "a ConvTranspose with groups, 1-d",
    [2, 4, 6],
    "z = ConvTranspose <strides=[2], group=2> (a, w, BIAS)",
    [2, 6, 14],
    "float[4,3,4] w = random(2)",
  ),
];

/** x such that the first output is SMALL, as float32. */
const cancelling = (dense: Dense, dims: readonly number[]): number[] => {
  const x = numbers(noise(dims, 31, 2));
  const i = dense.w.findIndex((row) => row[0] !== 0);
  for (let round = 0; round < 4; round++) {
    const z = forward(dense, x)[0]!;
    x[i] = Math.fround(x[i]! + (SMALL - z) / dense.w[i]![0]!);
  }
  return x;
};

describe.each(layers.map((it) => [it.name, it] as const))("%s", (_, it) => {
  test("the ε rule keeps its digits", async () => {
    const dense = await denseOf(it);
    const dims = it.inputs[0]!;
    const x = cancelling(dense, dims);
    const seed = noise(it.out, 7);
    const rule = { name: "epsilon", epsilon: 1e-6 };
    const want = denseRule(rule, dense, x, numbers(seed));
    // It matters: with the rounding of float32 in z the answer is another one.
    const shaken = denseRule(rule, dense, x, numbers(seed), (j) => (j === 0 ? 3e-7 : 0));
    expect(relativeError(shaken, want)).toBeGreaterThan(3e-5);
    const text = layerText(it, true, { before: `${NAMES[0]} = Identity(${NAMES[0]}_in)`, after: "y = Identity(z)" });
    const recipe: Recipe = { rules: [{ match: { kind: ["linear", "sum"] }, rule }], seed: "vector" };
    const { relevance } = await explain(text, { [`${NAMES[0]}_in`]: floats(dims, x) }, { recipe }, { seed });
    expectClose(relevance, want, 1e-5);
    expect(x.length).toBe(size(dims));
  });
});

/** y = x̂ w + b, 1/std held fixed: R = x ⊙ Aᵀ (R ⊘ stab(y)). */
describe("normalizations", () => {
  const [N, C, S] = [2, 4, 6];
  const weight = [0.5, -1.25, 0.75, 1.5];
  const groupsOf = { "GroupNormalization <num_groups=2>": 2, InstanceNormalization: 4, "GroupNormalization <num_groups=1>": 1 };
  test.each(Object.entries(groupsOf))("%s", async (op, groups) => {
    const x = numbers(noise([N, C, S], 5, 4));
    const width = (C / groups) * S;
    const hat: number[] = [];
    const inverse: number[] = [];
    for (let at = 0; at < x.length; at += width) {
      const part = x.slice(at, at + width);
      const mean = sum(part) / width;
      const scale = 1 / Math.sqrt(sum(part.map((v) => (v - mean) ** 2)) / width + Math.fround(1e-5));
      part.forEach((v) => {
        hat.push((v - mean) * scale);
        inverse.push(scale);
      });
    }
    const channel = (i: number) => Math.floor(i / S) % C;
    // The bias makes the first value of every channel nearly vanish.
    const bias = weight.map((w, c) => Math.fround(SMALL - hat[c * S]! * w));
    const y = hat.map((v, i) => v * weight[channel(i)]! + bias[channel(i)]!);
    const seed = noise([N, C, S], 9);
    const s = y.map((v, i) => (numbers(seed)[i]! / (v + (v >= 0 ? 1e-6 : -1e-6))) * weight[channel(i)]!);
    const want = x.map((v, i) => {
      const from = Math.floor(i / width) * width;
      const mean = sum(s.slice(from, from + width)) / width;
      return v * inverse[i]! * (s[i]! - mean);
    });
    const text = `<ir_version: 10, opset_import: ["" : 21]> net (float[N,${C},${S}] x) => (float[N,${C},${S}] y)
      <float[${C}] w = {${weight.join()}}, float[${C}] b = {${bias.join()}}> { z = ${op} (x, w, b) y = Identity(z) }`;
    const recipe = { method: "attnlrp", seed: "vector" } as const;
    const { relevance } = await explain(text, { x: floats([N, C, S], x) }, { recipe }, { seed });
    expectClose(relevance, want, 1e-5);
  });
});

test("a nearest resize copies; under AttnLRP it has ε like other sums", async () => {
  const text =
    'net (float[N,1,2] x) => (float[N,1,4] y) <float[3] s = {1,1,2}> { z = Resize <mode="nearest", coordinate_transformation_mode="asymmetric", nearest_mode="floor"> (x, "", s) y = Identity(z) }';
  const x = floats([1, 1, 2], [1e-4, -2]);
  const seed = floats([1, 1, 4], [1, 2, 3, -1]);
  const plain = await explain(text, { x }, { recipe: { composite: "epsilon", seed: "vector" } }, { seed });
  expect(plain.relevance).toEqual([3, 2]);
  const { relevance } = await explain(text, { x }, { recipe: { method: "attnlrp", seed: "vector" } }, { seed });
  expectClose(relevance, [(3 * 1e-4) / (1e-4 + 1e-6), (2 * 2) / (2 + 1e-6)], 1e-6);
});
