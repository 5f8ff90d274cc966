/** Winners, products, softmax and spelled-out activations: vector-Jacobian products against central differences. */
import { describe, expect, test } from "vitest";
import { expectClose } from "../../test/support/compare.ts";
import { explain, type Feeds, floats, numbers } from "../../test/support/run.ts";
import { checkDerivative, distinct, feedsOf, net, numericVjp, vjpOf } from "../../test/support/vjp.ts";

/** Piecewise linear: exact differences with small steps on values without ties. */
const WINNERS: readonly (readonly [string, string, readonly number[]])[] = [
  ["MaxPool", "z = MaxPool <kernel_shape=[2,2], strides=[2,2]> (x)", [2, 2, 4, 4]],
  ["MaxPool, a row left over", "z = MaxPool <kernel_shape=[2,2], strides=[2,2]> (x)", [1, 2, 5, 5]],
  ["MaxPool overlapping", "z = MaxPool <kernel_shape=[3,3], strides=[2,2], pads=[1,1,1,1]> (x)", [1, 2, 5, 6]],
  ["MaxPool stride 1", "z = MaxPool <kernel_shape=[3,2], pads=[1,0,1,1]> (x)", [1, 1, 4, 4]],
  ["MaxPool dilated", "z = MaxPool <kernel_shape=[2,2], dilations=[2,3], strides=[1,2]> (x)", [1, 1, 5, 7]],
  ["MaxPool ceil", "z = MaxPool <kernel_shape=[3,3], strides=[2,2], ceil_mode=1> (x)", [1, 1, 6, 6]],
  ["MaxPool ceil with pads", "z = MaxPool <kernel_shape=[3,2], strides=[3,2], pads=[1,1,1,0], ceil_mode=1> (x)", [1, 1, 6, 6]],
  ["MaxPool gaps", "z = MaxPool <kernel_shape=[2,1], strides=[3,2]> (x)", [1, 1, 7, 5]],
  ["MaxPool same", 'z = MaxPool <kernel_shape=[3,3], strides=[2,2], auto_pad="SAME_UPPER"> (x)', [1, 1, 6, 5]],
  ["MaxPool same lower", 'z = MaxPool <kernel_shape=[2,2], strides=[1,1], auto_pad="SAME_LOWER"> (x)', [1, 1, 3, 4]],
  ["MaxPool 1-d", "z = MaxPool <kernel_shape=[3], strides=[2]> (x)", [2, 2, 7]],
  ["MaxPool 3-d", "z = MaxPool <kernel_shape=[2,2,2], strides=[1,2,2], pads=[0,0,1,0,0,0]> (x)", [1, 1, 3, 4, 3]],
  ["GlobalMaxPool", "z = GlobalMaxPool(x)", [2, 2, 3, 3]],
  ["ReduceMax", "z = ReduceMax <axes=[1]> (x)", [2, 3, 4]],
  ["ReduceMax, two axes", "z = ReduceMax <axes=[0,-1], keepdims=0> (x)", [2, 3, 4]],
  ["ReduceMax, all", "z = ReduceMax(x)", [2, 3]],
  ["ReduceMin", "z = ReduceMin <axes=[1], keepdims=0> (x)", [2, 3, 4]],
  ["ReduceMin, two axes", "z = ReduceMin <axes=[0,2]> (x)", [2, 3, 4]],
  ["TopK", "two = Constant <value_ints=[2]> () z, i = TopK <axis=1> (x, two)", [2, 5, 2]],
  ["TopK of the smallest", "two = Constant <value_ints=[2]> () z, i = TopK <largest=0> (x, two)", [3, 4]],
  [
    "MaxPool with its indices",
    "p, i = MaxPool <kernel_shape=[2,2], strides=[2,2]> (x) z = MaxUnpool <kernel_shape=[2,2], strides=[2,2]> (p, i)",
    [1, 2, 4, 4],
  ],
  ["Gather by computed indices", "i = ArgMax <axis=0, keepdims=0> (x) z = Gather <axis=1> (x, i)", [3, 3]],
  ["Gather by a table of computed indices", "i = ArgMin <axis=0> (x) z = Gather <axis=0> (x, i)", [2, 2, 2]],
  ["Gather by a computed scalar", "i = ArgMax <axis=0, keepdims=0> (x) j = ReduceMax <keepdims=0> (i) z = Gather(x, j)", [3, 2]],
  ["GatherElements by computed indices", "i = ArgMax <axis=1> (x) z = GatherElements <axis=1> (x, i)", [2, 4]],
  [
    "Compress by a computed condition",
    "m = ReduceMax <axes=[0], keepdims=0> (x) c = Hardmax(m) b = Cast <to=9> (c) z = Compress <axis=1> (x, b)",
    [2, 3],
  ],
  ["Where by a computed condition", "m = ReduceMean <axes=[1]> (x) c = Greater(x, m) n = Neg(x) z = Where(c, x, n)", [2, 4]],
  [
    "Slice from a computed start",
    "o = Constant <value_ints=[1]> () a = ArgMax <axis=1, keepdims=0> (x) e = Add(a, o) z = Slice(x, a, e, o)",
    [1, 5],
  ],
  [
    "Clip by computed bounds",
    "lo = ReduceMin <axes=[0,1], keepdims=0> (x) hi = ReduceMean <axes=[0,1], keepdims=0> (x) z = Clip(x, lo, hi)",
    [3, 4],
  ],
  ["Clip by one computed bound", 'hi = ReduceMean <keepdims=0> (x) z = Clip(x, "", hi)', [3, 4]],
];

describe.each(WINNERS)("%s", (_, nodes, dims) => {
  test("the winner takes all", async () => {
    const feeds = { x: distinct(dims) };
    const text = net(`float[${dims}] x`, nodes);
    const { seed, gradients } = await vjpOf(text, feeds);
    expectClose(gradients.x!, await numericVjp(text, feeds, "x", seed, 0.125), 5e-6);
  });
});

/** Name, inputs, nodes, initializers. */
const SMOOTH: readonly (readonly [string, string, string, string?])[] = [
  ["Softmax", "float[2,3,4] x", "z = Softmax <axis=1> (x)"],
  ["Softmax, last axis", "float[2,5] x", "z = Softmax(x)"],
  ["LogSoftmax", "float[2,3,4] x", "z = LogSoftmax <axis=-2> (x)"],
  ["Mul of two", "float[2,3,4] x, float[3,1] w", "z = Mul(x, w)"],
  ["Mul by itself", "float[2,3] x", "z = Mul(x, x)"],
  ["Div of two", "float[2,3] x, float[2,1] w", "e = Exp(w) z = Div(x, e)"],
  ["Div from a constant", "float[2,3] x", "e = Exp(x) z = Div(c, e)", "float[3] c = {1,2,-3}"],
  ["Pow of two", "float[2,3] x, float[3] w", "e = Exp(x) z = Pow(e, w)"],
  ["Pow of a constant", "float[2,3] x", "z = Pow(c, x)", "float[3] c = {0.5,2,1.5}"],
  ["Pow by several exponents", "float[2,1] x", "e = Exp(x) z = Pow(e, c)", "float[3] c = {0.5,2,-1}"],
  ["a gate", "float[2,4] x, float[2,4] w", "s = Sigmoid(w) z = Mul(x, s)"],
  ["SiLU spelled out", "float[2,6] x", "s = Sigmoid(x) z = Mul(x, s)"],
  [
    "GELU spelled out",
    "float[2,6] x",
    "a = Div(x, r) e = Erf(a) p = Add(e, o) m = Mul(x, p) z = Mul(m, h)",
    "float r = {1.4142135}, float o = {1}, float h = {0.5}",
  ],
  ["Max and Min of two", "float[2,6] x, float[2,6] w", "a = Max(x, w) b = Min(x, w) c = Mul(a, b) z = Add(c, a)"],
  ["Max of three, broadcast", "float[2,3] x, float[3] w", "z = Max(x, w, c)", "float[1] c = {0.013}"],
  ["PRelu per channel", "float[2,3,2] x", "z = PRelu(x, s)", "float[3,1] s = {0.1,-0.5,0.7}"],
  ["a value used three times", "float[2,4] x", "t = Tanh(x) a = Add(t, x) b = Mul(a, t) z = Sum(a, b, t)"],
  ["Mean and Sub", "float[2,4] x, float[2,4] w", "a = Mean(x, w, x) b = Sub(a, w) z = Mul(b, b)"],
];

describe.each(SMOOTH.map((it) => [it[0], it] as const))("%s", (_, [, inputs, nodes, held]) => {
  test("the derivative", async () => {
    await checkDerivative(net(inputs, nodes, held), feedsOf(inputs));
  });
});

describe("ties go to the first", () => {
  const gradientOf = async (
    nodes: string,
    x: Feeds[string],
    seedDims: readonly number[],
    inputs = `float[${x.dims}] x`,
    more: Feeds = {},
  ) => {
    const size = seedDims.reduce((a, b) => a * b, 1);
    const seed = floats(
      seedDims,
      Array.from({ length: size }, (_, i) => i + 1),
    );
    const { compiled, out } = await explain(
      net(inputs, nodes),
      { x, ...more },
      { recipe: { method: "gradient", seed: "vector" } },
      { seed },
    );
    return Object.fromEntries(Object.entries(compiled.names.relevance).map(([name, output]) => [name, numbers(out[output])]));
  };
  test("in a pool, row by row", async () => {
    const x = floats([1, 1, 3, 3], [0, 7, 7, 7, 7, 7, 1, 7, 7]);
    const { x: got } = await gradientOf("z = MaxPool <kernel_shape=[2,2]> (x)", x, [1, 1, 2, 2]);
    expect(got).toEqual([0, 1 + 2, 0, 3, 4, 0, 0, 0, 0]);
  });
  test("in a padded pool of zeros, whatever the padding is filled with", async () => {
    const { x: got } = await gradientOf(
      "z = MaxPool <kernel_shape=[3,3], pads=[1,1,1,1], strides=[2,2]> (x)",
      floats([1, 1, 3, 3], Array(9).fill(0)),
      [1, 1, 2, 2],
    );
    expect(got).toEqual([1, 2, 0, 3, 4, 0, 0, 0, 0]);
  });
  test("in reductions and between inputs", async () => {
    expect((await gradientOf("z = ReduceMax <axes=[1]> (x)", floats([2, 3], [5, 5, 5, 1, 2, 2]), [2, 1])).x).toEqual([
      1, 0, 0, 0, 2, 0,
    ]);
    expect((await gradientOf("z = GlobalMaxPool(x)", floats([1, 1, 2, 2], [0, 3, 3, 3]), [1, 1, 1, 1])).x).toEqual([0, 1, 0, 0]);
    for (const op of ["Max", "Min"]) {
      const { x: first, w: second } = await gradientOf(
        `z = ${op}(x, w)`,
        floats([1, 2], [2, 2]),
        [1, 2],
        "float[1,2] x, float[1,2] w",
        { w: floats([1, 2], [2, 2]) },
      );
      expect([first, second]).toEqual([
        [1, 2],
        [0, 0],
      ]);
    }
  });
});
