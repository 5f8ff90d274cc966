import { expect, test } from "vitest";
import { runModel, tracedModel } from "../../test/support/run.ts";
import { planModel } from "../compile/index.ts";

const visits = async (nodes: string, kernel: string, input = "float[1,2,32,32]") => {
  const source = `net (${input} x) => (float[M,3] y) <float[3,2,${kernel}] k = random(1), int64[8] p = {0,0,1,2,0,0,0,0}, int64[10] q = {0,0,1,0,0,0,0,0,0,0}, float[2,1,1] m = random(2)> { ${nodes} g = GlobalAveragePool(z) y = Flatten(g) }`;
  return planModel(await tracedModel(source), { method: "gradient" }).plan.visits?.x;
};

test.each<[string, string, string, object | undefined, string?]>([
  [
    "three taps of stride two visit every second pixel twice",
    "z = Conv <strides=[2,2]> (x, k)",
    "3,3",
    { down: [2, 1], across: [2, 1] },
  ],
  ["a pad moves the pattern", "z = Conv <strides=[2,1], pads=[1,0,1,0]> (x, k)", "3,3", { down: [1, 2], across: [3] }],
  [
    "a Pad before it, too",
    "a = Sub(x, m) b = Pad(a, p) z = Conv <strides=[2,2]> (b, k)",
    "3,3",
    { down: [1, 2], across: [2, 1] },
  ],
  [
    "seven taps of stride two: four and three",
    "z = Conv <strides=[2,2], pads=[3,3,3,3]> (x, k)",
    "7,7",
    { down: [3, 4], across: [3, 4] },
  ],
  [
    "slices, too",
    "b = Pad(x, q) z = Conv <strides=[2,1,4]> (b, k)",
    "3,3,3",
    { deep: [1, 2], down: [3], across: [1, 1, 1, 0] },
    "float[1,2,16,16,16]",
  ],
  ["dilated taps", "z = Conv <strides=[2,2], dilations=[2,1]> (x, k)", "2,2", { down: [2, 0], across: [1, 1] }],
  ["patches visit all alike", "z = Conv <strides=[4,4]> (x, k)", "4,4", undefined],
  ["no stride, no dots", "z = Conv(x, k)", "3,3", undefined],
  [
    "two layers that differ have no pattern in common",
    "a = Conv <strides=[2,2], pads=[1,1,1,1]> (x, k) c = Conv <strides=[2,2], pads=[0,0,2,2]> (x, k) z = Add(a, c)",
    "3,3",
    undefined,
  ],
  ["an activation before the first layer", "a = Relu(x) z = Conv <strides=[2,2]> (a, k)", "3,3", undefined],
])("%s", async (_, nodes, kernel, expected, input) => {
  expect(await visits(nodes, kernel, input)).toEqual(expected);
});

test("the counts are how often a window of ones reads a pixel", async () => {
  const source = `net (float[1,1,15,15] x) => (float[1,1,7,7] y) <float[1,1,3,3] k = {1,1,1,1,1,1,1,1,1}> { y = Conv <strides=[2,2]> (x, k) }`;
  const found = planModel(await tracedModel(source), { method: "gradient" }).plan.visits!.x!;
  for (const [x, y] of [
    [4, 4],
    [5, 4],
    [5, 5],
  ] as const) {
    const data = new Float32Array(225);
    data[y * 15 + x] = 1;
    const { y: out } = await runModel(source, { x: { type: "float32", dims: [1, 1, 15, 15], data } });
    const reads = (out!.data as Float32Array).reduce((a, b) => a + b, 0);
    expect(found.across[x % 2]! * found.down[y % 2]!).toBe(reads);
  }
});
