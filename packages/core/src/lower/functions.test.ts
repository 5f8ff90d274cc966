/** Functions of the model are inlined: the same outputs, names of their own, attributes of the call. */

import { describe, expect, test } from "vitest";
import { nodeRuntime } from "../../../backlit/src/host/runtime/node.ts";
import { expectClose } from "../../test/support/compare.ts";
import { explain, type Feeds, model, noise, numbers, runModel } from "../../test/support/run.ts";
import { decodeModel } from "../onnx/decode.ts";
import { encodeModelBytes } from "../onnx/encode.ts";
import { prepare } from "./prepare.ts";

const HEAD = '<ir_version: 9, opset_import: ["" : 17, "local" : 1]>';
const BODY = '<domain: "local", opset_import: ["" : 17, "local" : 1]>';
const feeds: Feeds = { x: noise([2, 4], 3) };

const unchanged = async (text: string, given = feeds) => {
  const source = decodeModel(encodeModelBytes(model(text)));
  expect(source.functions).not.toEqual([]);
  const { model: lowered, facts } = await prepare(source, await nodeRuntime());
  const [want, got] = [await runModel(source, given), await runModel(lowered, given)];
  for (const name of Object.keys(want)) expectClose(numbers(got[name]), numbers(want[name]), 1e-6, name);
  expect(lowered.functions).toEqual([]);
  expect(lowered.opsetImport).toEqual([{ domain: "", version: 17 }]);
  return { lowered, notices: facts.notices };
};

describe("calls", () => {
  test("two of one function keep their inner values apart", async () => {
    const { lowered, notices } = await unchanged(`${HEAD}
      net (float[N,4] x) => (float[N,4] y) { h = local.f(x) y = local.f(h) }
      ${BODY} f (a) => (b) { t = Relu(a) s = Neg(a) b = Sub(t, s) }`);
    const names = lowered.graph.node.flatMap((node) => node.output);
    expect(new Set(names).size).toBe(6);
    expect(names).toContain("h");
    expect(notices).toContain("2 calls of functions are inlined");
  });

  test("in one another, in a branch, and around a branch whose names are taken outside", async () => {
    await unchanged(`${HEAD}
      net (float[N,4] x) => (float[N,4] y) <bool yes = {1}> {
        t = Neg(x)
        y = If (yes) <then_branch = a () => (float[] u) { u = local.outer(x, yes) }, else_branch = b () => (float[] v) { v = Identity(t) }>
      }
      ${BODY} outer (a, c) => (b) { t = local.inner(a)
        b = If (c) <then_branch = d () => (float[] r) { r = local.inner(t) }, else_branch = e () => (float[] w) { w = Identity(a) }> }
      ${BODY} inner (a) => (b) { t = Exp(a) b = Add(t, a) }`);
  });

  test("attributes: given, by default, absent, handed on to the next function", async () => {
    const { lowered } = await unchanged(`${HEAD}
      net (float[N,4] x) => (float[N,4] y, float[N,4] z, float[N,4] w) {
        y = local.f <alpha = 0.3, slope = 0.1> (x) z = local.f <slope = 0.7> (x) w = local.g <mine = 3.0> (x) }
      ${BODY} f <slope, alpha: float = 0.25> (a) => (b) { e = Elu <alpha: float = @alpha> (a) b = LeakyRelu <alpha: float = @slope> (e) }
      ${BODY} g <mine> (a) => (b) { c = local.f <alpha: float = @mine> (a) b = Celu <alpha: float = @mine> (c) }`);
    const leaky = lowered.graph.node.filter((node) => node.opType === "LeakyRelu");
    expect(leaky.map((node) => node.attribute[0]?.f)).toEqual([Math.fround(0.1), Math.fround(0.7), undefined]);
  });

  test("inputs that are left out, outputs nobody takes, outputs that are inputs", async () => {
    await unchanged(`${HEAD}
      net (float[N,4] x) => (float[N,4] y, float[N,4] z) <float top = {0.2}> {
        y, one = local.clip(x, , top) ,z = local.clip(x) }
      ${BODY} clip (a, low, high) => (b, c) { b = Clip(a, low, high) c = Neg(a) }`);
  });
});

describe("errors", () => {
  test("a function that calls itself", async () => {
    const text = `${HEAD} net (float[N,4] x) => (float[N,4] y) { y = local.f(x) } ${BODY} f (a) => (b) { b = local.f(a) }`;
    await expect(prepare(model(text), await nodeRuntime())).rejects.toThrow(/function 'f' calls itself/);
  });

  test("a body in another opset's words", async () => {
    const text = `<ir_version: 9, opset_import: ["" : 18, "local" : 1]> net (float[N,4] x) => (float[] y) { y = local.f(x) }
      ${BODY} f (a) => (b) { b = ReduceMean <axes=[1]> (a) }`;
    await expect(prepare(model(text), await nodeRuntime())).rejects.toThrow(/ReduceMean as of opset 17.*opset 18/);
  });
});

test("relevance flows through functions as through their nodes", async () => {
  const held = "<float[4,3] w = random(1), float[3] b = random(2)>";
  const call = `${HEAD} net (float[N,4] x) => (float[N,3] y) ${held} { h = local.f(x) y = Gemm(h, w, b) }
    ${BODY} f (a) => (b) { r = Relu(a) b = Mul(r, r) }`;
  const plain = `net (float[N,4] x) => (float[N,3] y) ${held} { r = Relu(x) h = Mul(r, r) y = Gemm(h, w, b) }`;
  expectClose((await explain(call, feeds)).relevance, (await explain(plain, feeds)).relevance, 1e-6);
});
