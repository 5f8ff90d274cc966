import { describe, expect, test } from "vitest";
import { nodeRuntime } from "../../../backlit/src/runtime/node.ts";
import { model, numbers, traced } from "../../test/support/run.ts";
import { trace } from "./trace.ts";

const shapeOf = async (text: string, name: string, options = {}) => (await traced(text, options)).shapes.get(name);

describe("sizes", () => {
  test("a free batch is dynamic, everything else is found by running", async () => {
    const text =
      "net (float[N,3,8,8] x) => (float[] y) <float[4,3,3,3] w = random(1)> { z = Conv <strides=[2,2]> (x, w) y = Flatten(z) }";
    const facts = await traced(text);
    expect(facts.shapes.get("x")).toEqual([null, 3, 8, 8]);
    expect(facts.shapes.get("z")).toEqual([null, 4, 3, 3]);
    expect(facts.shapes.get("y")).toEqual([null, 36]);
    expect(facts.notices).toEqual([]);
  });

  test("free heights and widths too, whatever the first sizes are", async () => {
    const text =
      "net (float[N,3,H,W] x) => (float[] y) { p = MaxPool <kernel_shape=[2,2], strides=[2,2]> (x) g = GlobalAveragePool(p) y = Flatten(g) }";
    for (const dims of [{}, { H: 20, W: 33 }]) {
      const facts = await traced(text, { dims });
      expect(facts.shapes.get("p")).toEqual([null, 3, null, null]);
      expect(facts.shapes.get("y")).toEqual([null, 3]);
    }
    expect(await shapeOf("net (float[?,3,?,?] x) => (float[] y) { y = Relu(x) }", "y")).toEqual([null, 3, null, null]);
  });

  test("a size that only fits once is fixed, and said", async () => {
    const text = "net (float[N,3,H,W] x) => (float[] y) <float[48,2] w = random(1)> { f = Flatten(x) y = Gemm(f, w) }";
    const facts = await traced(text, { dims: { H: 4, W: 4 } });
    expect(facts.shapes.get("x")).toEqual([null, 3, 4, 4]);
    expect(facts.notices).toEqual(["other sizes do not run, so these are fixed: H = 4, W = 4"]);
    // By sample as well.
    expect((await traced(text, { sample: { x: { dims: [7, 3, 2, 8] } } })).shapes.get("x")).toEqual([null, 3, 2, 8]);
  });

  test("a model for one batch only", async () => {
    const text = "net (float[N,6] x) => (float[] y) <int64[2] s = {1,6}> { y = Reshape(x, s) }";
    const facts = await traced(text);
    expect(facts.shapes.get("x")).toEqual([1, 6]);
    expect(facts.notices[0]).toMatch(/only at one size, which is fixed: N = 1/);
  });

  test("two inputs share a size by name, and the batch", async () => {
    const text = "net (float[B,T] a, float[B,T] b) => (float[] y) { y = Add(a, b) }";
    expect(await shapeOf(text, "y", { dims: { T: 5 } })).toEqual([null, null]);
  });

  test("what does not run says which sizes were tried", async () => {
    const text = "net (float[N,H] x) => (float[] y) <float[5,2] w = random(1)> { y = MatMul(x, w) }";
    await expect(trace(model(text), await nodeRuntime())).rejects.toMatchObject({ _tag: "BadModel", parts: { where: "x 1×16" } });
    expect(await shapeOf(text, "y", { dims: { H: 5 } })).toEqual([null, 2]);
    await expect(trace(model("net (float[] x) => (float[] y) { y = Relu(x) }"), await nodeRuntime())).rejects.toMatchObject({
      _tag: "BadModel",
    });
  });

  test("integer inputs are zeros, strings empty", async () => {
    const text =
      "net (int64[N,T] ids, bool[N] on) => (float[] y) <float[9,4] table = random(1)> { e = Gather(table, ids) y = ReduceMean <axes=[1]> (e) }";
    expect(await shapeOf(text, "e")).toEqual([null, null, 4]);
    expect((await traced(text)).types.get("ids")).toBe(7);
  });
});

describe("constants", () => {
  test("depend on no input but through Shape, and are fetched when small", async () => {
    const text = `net (float[N,4] x) => (float[] y) <float[4] w = {1,2,3,4}, float two = {2}> {
      c = Mul(w, two) s = Shape(x) n = Size(w) g = Gather(s, n) y = Mul(x, c) }`.replace(
      "g = Gather(s, n)",
      "k = Shape <start=1> (x)",
    );
    const facts = await traced(text);
    expect(numbers(facts.values.get("c"))).toEqual([2, 4, 6, 8]);
    expect(numbers(facts.values.get("n"))).toEqual([4]);
    expect(numbers(facts.values.get("k"))).toEqual([4]);
    expect(facts.values.has("s")).toBe(false); // differs from run to run
    expect(facts.values.has("y")).toBe(false); // zero in both runs, but no constant
  });

  test("what descends from large weights is known by shape alone", async () => {
    const text =
      "net (float[N,4] x) => (float[] y) <float[4,6] w = random(1)> { t = Transpose(w) u = Shape(t) y = Gemm <transB=1> (x, t) }";
    const facts = await traced(text, { limit: 8 });
    expect(facts.values.has("t")).toBe(false);
    expect(facts.shapes.get("t")).toEqual([6, 4]);
    expect(numbers(facts.values.get("u"))).toEqual([6, 4]);
  });
});

test("names that tracing uses itself, and those every object has", async () => {
  const text = `net (float[N,S,4] "constructor") => (float[] "shape:1") { ["shape:0"] "toString" = Relu("constructor") "shape:1" = Neg("toString") }`;
  expect((await traced(text)).shapes.get("shape:1")).toEqual([null, null, 4]);
});
