import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { nodeRuntime } from "../../../backlit/src/host/runtime/node.ts";
import { expectClose } from "../../test/support/compare.ts";
import { model, noise, numbers, runModel } from "../../test/support/run.ts";
import { load } from "../explain/index.ts";
import { encodeModelBytes } from "../onnx/encode.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { relevantSubspaces } from "./prca.ts";
import { withSubspaces } from "./rewrite.ts";

const floats = (dims: readonly number[], data: readonly number[]): Tensor => ({
  type: "float32",
  dims,
  data: Float32Array.from(data),
});

test("axes and their relevance are numpy's, whatever parts the samples come in", () => {
  const known = JSON.parse(readFileSync(new URL("fixtures/prca.json", import.meta.url), "utf8"));
  const [count, channels, positions] = known.dims as [number, number, number];
  const width = channels * positions;
  const part = (all: readonly number[], from: number, to: number) =>
    floats([to - from, channels, positions], all.slice(from * width, to * width));
  const learnt = relevantSubspaces();
  for (const [from, to] of [
    [0, 2],
    [2, count],
  ] as const)
    learnt.add(part(known.activation, from, to), part(known.relevance, from, to), 1);
  const found = learnt.result();
  expect(found.positions).toBe(count * positions);
  expectClose(found.relevance, known.eigenvalues);
  expectClose(found.axes.flat(), known.axes.flat());
  const passed = known.relevance.reduce((a: number, b: number) => a + b, 0) / found.positions;
  expect(found.relevance.reduce((a, b) => a + b, 0)).toBeCloseTo(passed, 4);
  expect(() => learnt.add(floats([1, 2], [1, 2]), floats([1, 3], [1, 2, 3]), 1)).toThrow(/there were 4/);
});

const net = `net (float[N,2,4,4] x) => (float[N,3] y) <float[3,2,3,3] w = random(1), float[48,3] o = random(3)>
{ c = Conv <pads=[1,1,1,1]> (x, w) h = Relu(c) f = Flatten(h) y = MatMul(f, o) }`;

test("virtual channels: the same function; their relevance is (uᵀa)(uᵀc), together what passes the value; conditions add up", async () => {
  const x = noise([3, 2, 4, 4], 4, 4);
  const asked = { composite: "epsilon", seed: "logit", target: 1 } as const;
  const runtime = await nodeRuntime();
  await using lit = await load(encodeModelBytes(model(net)), { runtime });
  const whole = await lit.explain(x, { ...asked, layers: ["h"] });
  const { values } = await lit.explain(x, { method: "gradient", explain: ["h"] });
  const learnt = relevantSubspaces();
  learnt.add(values.h!, whole.layers.h!, 1);
  const { axes, relevance } = learnt.result();
  const turned = withSubspaces(model(net), { value: "h", rank: 4, axis: 1, axes });
  expectClose(numbers((await runModel(turned, { x })).y), numbers((await runModel(net, { x })).y));
  await using virtual = await load(encodeModelBytes(turned), { runtime });
  const { channels, relevance: map } = await virtual.explain(x, { ...asked, channels: ["h/subspaces"] });
  expect(channels!["h/subspaces"]!.dims).toEqual([3, 3]);
  const sums = channels!["h/subspaces"]!.relevance.sum;
  // 16 positions of 3 samples; where a is 0, U Uᵀa is rounding, of which the ε-rule takes a hundredth of c.
  for (const [k, mean] of relevance.entries()) expect((sums[k]! + sums[3 + k]! + sums[6 + k]!) / 48).toBeCloseTo(mean, 2);
  for (let n = 0; n < 3; n++) {
    const passed = numbers(whole.layers.h!).slice(48 * n, 48 * n + 48);
    expect(sums[3 * n]! + sums[3 * n + 1]! + sums[3 * n + 2]!).toBeCloseTo(
      passed.reduce((a, b) => a + b, 0),
      3,
    );
  }
  const through = async (list: readonly number[]) =>
    numbers((await virtual.explain(x, { ...asked, conditions: { "h/subspaces": list }, only: true })).relevance);
  const [first, others] = [await through([0]), await through([1, 2])];
  expectClose(
    first.map((v, i) => v + others[i]!),
    numbers(map),
  );
  // Two more ε-rules on the way.
  expectClose(numbers(map), numbers(whole.relevance), 1e-3);
});

test("axes that are no rotation, and a value of nobody, are refused", () => {
  const at = { value: "h", rank: 4, axis: 1 };
  expect(() =>
    withSubspaces(model(net), {
      ...at,
      axes: [
        [1, 0, 0],
        [0, 1, 0],
        [1, 0, 1],
      ],
    }),
  ).toThrow(/at right angles/);
  const axes = [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ];
  expect(() => withSubspaces(model(net), { ...at, value: "z", axes })).toThrow(/no node makes 'z'/);
});
