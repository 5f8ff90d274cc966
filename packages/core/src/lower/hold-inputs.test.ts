/** Inputs that only set a model up, held at a value. */

import { expect, test } from "vitest";
import { nodeRuntime } from "../../../backlit/src/host/runtime/node.ts";
import { floats, ints, model, numbers, runModel } from "../../test/support/run.ts";
import { load } from "../explain/index.ts";
import { encodeModelBytes } from "../onnx/index.ts";
import { prepare } from "./prepare.ts";

const text = `net (float[N,2] x, int64 rate) => (float[N,2] y) <float[2,2] w = {1,2,3,4}, int64 limit = {8000}> {
  high = Greater(rate, limit)
  y = If <then_branch = t () => (float[N,2] a) { a = MatMul(x, w) }, else_branch = e () => (float[N,2] b) { b = Neg(x) }> (high) }`;

test("the branch is taken by the value, and the input may be left out", async () => {
  const runtime = await nodeRuntime();
  await using lit = await load(encodeModelBytes(model(text)), { runtime, held: { rate: [16000] } });
  const x = floats([1, 2], [1, -1]);
  const { relevance, output, notices } = await lit.explain({ x }, { method: "gradient", target: 0 });
  expect([...relevance.data]).toEqual([1, 3]);
  expect(numbers(output)).toEqual(numbers((await runModel(text, { x, rate: ints([], [16000]) })).y));
  expect(notices.join()).toMatch(/'rate' is held at 16000/);
  await using low = await load(encodeModelBytes(model(text)), { runtime, held: { rate: [8000] } });
  expect([...(await low.explain({ x }, { method: "gradient", target: 0 })).relevance.data].map((v) => v + 0)).toEqual([-1, 0]);
});

test("a sample decides where nothing else is said", async () => {
  const runtime = await nodeRuntime();
  const [x, rate] = [floats([1, 2], [1, -1]), ints([], [16000])];
  await using lit = await load(encodeModelBytes(model(text)), { runtime, sample: { x, rate } });
  const { relevance, notices } = await lit.explain({ x, rate }, { method: "gradient", target: 0 });
  expect([...relevance.data]).toEqual([1, 3]);
  expect(notices.join()).toMatch(/'rate' is held at 16000, the sample's/);
  const { facts } = await prepare(model(text), runtime, { sample: { rate }, held: { rate: [8000] } });
  expect(facts.notices).toEqual(expect.arrayContaining([expect.stringMatching(/held at 8000$/)]));
});

test("without it the reason names the option; what is no input, or does not fit, is an error", async () => {
  const runtime = await nodeRuntime();
  await using lit = await load(encodeModelBytes(model(text)), { runtime });
  expect(() => lit.inspect()).toThrow(/depends on the values of the input.*--hold/);
  await expect(prepare(model(text), runtime, { held: { other: [1] } })).rejects.toMatchObject({ _tag: "BadInput" });
  await expect(prepare(model(text), runtime, { held: { rate: [1, 2] } })).rejects.toMatchObject({ _tag: "BadInput" });
});
