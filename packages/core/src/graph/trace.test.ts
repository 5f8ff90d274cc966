import { describe, expect, test } from "vitest";
import { nodeRuntime } from "../../../backlit/src/host/runtime/node.ts";
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

describe("models tracing has to bear with", () => {
  test("sizes that cannot change are found one by one, the others stay free", async () => {
    const text = "net (float[N,C,H,W] x) => (float[] y) <float[2,3,3,3] w = random(1)> { y = Conv(x, w) }";
    const facts = await traced(text);
    expect(facts.shapes.get("y")).toEqual([null, 2, null, null]);
    expect(facts.notices).toEqual(["other sizes do not run, so these are fixed: C = 3"]);
  });

  test("sequences, maps and optional values inside and as outputs, through branches and loops", async () => {
    const text = `<ir_version: 9, opset_import: ["" : 18, "ai.onnx.ml" : 3]>
    net (float[N,3] x) => (label, p, seq) <bool on = {1}, int64 n = {2}> {
      label = ArgMax <axis=-1, keepdims=0> (x)
      p = ai.onnx.ml.ZipMap <classlabels_int64s=[0,1,2]> (x)
      s = SequenceConstruct(x, x)
      seq = If <then_branch = t () => (a) { a = Identity(s) }, else_branch = e () => (b) { b = SequenceEmpty() }> (on)
      l, h = Loop <body = l (int64 i, bool c, q, float[] v) => (bool c2, q2, float[] v2) {
        c2 = Identity(c) v2 = Neg(v) q2 = SequenceInsert(q, v2) }> (n, on, s, x)
      k = SequenceLength(l) o = Optional(x) has = OptionalHasElement(o) g = OptionalGetElement(o)
      y = ConcatFromSequence <axis=0> (seq) }`;
    const facts = await traced(text);
    for (const name of ["p", "s", "seq", "l", "o"]) expect(facts.shapes.has(name)).toBe(false);
    expect(facts.shapes.get("label")).toEqual([null]);
    expect(facts.shapes.get("h")).toEqual([null, 3]);
    expect(facts.shapes.get("y")).toEqual([null, 3]);
    expect(facts.shapes.get("k")).toEqual([]);
    expect(facts.shapes.get("trips:l")).toEqual([2]);
  });

  test("inputs that are no tensors are refused by name", async () => {
    const m = model("net (float[N,3] x) => (float[] y) { y = Relu(x) }");
    const input = [...m.graph.input, { name: "rows", type: {} }];
    await expect(trace({ ...m, graph: { ...m.graph, input } }, await nodeRuntime())).rejects.toMatchObject({
      _tag: "Unsupported",
      parts: { where: "input 'rows'" },
    });
  });

  test("scalars, strings, empty tensors, random values, values whose rank changes", async () => {
    const text = `net (float t, string[N] words, float[N,4] x) => (float[] y, string[] w, float[] e, float[] r, float[] v) <int64 one = {1}> {
      y = Mul(x, t) w = Identity(words)
      none = Constant <value = int64[1] {0}> () e = Slice(x, none, none) r = RandomNormalLike(x)
      s = Shape <start=0, end=1> (x) first = Squeeze(s) c = Equal(first, one)
      v = If <then_branch = a () => (float[] p) { p = ReduceSum <keepdims=0> (x) }, else_branch = b () => (float[] q) { q = Neg(x) }> (c)
    }`;
    const facts = await traced(text);
    expect(["t", "words", "e", "r"].map((name) => facts.shapes.get(name))).toEqual([[], [null], [0, 4], [null, 4]]);
    expect(facts.shapes.has("v")).toBe(false);
    expect(facts.values.has("r")).toBe(false);
  });

  test("integers of a sample are fed, over and over: they may be sizes", async () => {
    const text = "net (float[N,6] x, int64[2] s) => (float[] y) { y = Reshape(x, s) }";
    const sample = { s: { type: "int64", dims: [2], data: BigInt64Array.of(-1n, 3n) } } as const;
    expect(await shapeOf(text, "y", { sample })).toEqual([null, 3]);
    expect(await shapeOf(text, "y", { sample: { s: { dims: [2] } } })).toEqual([null, 6]);
    const looked = "net (int64[N,T] ids) => (float[] y) <float[3,2] table = random(1)> { z = Gather(table, ids) y = Relu(z) }";
    const ids = { type: "int64", dims: [1, 2], data: BigInt64Array.of(1n, 2n) } as const;
    expect(await shapeOf(looked, "y", { sample: { ids } })).toEqual([null, null, 2]);
  });
  test("a model that does not take zeros is run on ones", async () => {
    const text =
      "net (int64[2] d, float[N,4] x) => (float[] y) { g = ConstantOfShape(d) f = ReduceMax <axes=[0,1]> (g) y = Add(x, f) }";
    expect((await traced(text)).shapes.get("f")).toEqual([1, 1]);
  });
});
