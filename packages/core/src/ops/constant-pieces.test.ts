/** Ops nothing flows through: what goes round them arrives in full, what goes through them does not. */
import { describe, expect, test } from "vitest";
import { floats, noise } from "../../test/support/run.ts";
import { net, vjpOf } from "../../test/support/vjp.ts";

/** From x [2, 3] to some `t`, whose sum is added to x. */
const NODES: readonly string[] = [
  ...["Round", "Floor", "Ceil", "Sign", "Hardmax", "RandomNormalLike", "RandomUniformLike", "EyeLike"].map(
    (op) => `t = ${op}(x)`,
  ),
  ...["Equal", "Greater", "GreaterOrEqual", "Less", "LessOrEqual"].map((op) => `b = ${op}(x, half) t = Cast <to=1> (b)`),
  ...["IsNaN", "IsInf"].map((op) => `b = ${op}(x) t = Cast <to=1> (b)`),
  ...["And", "Or", "Xor"].map((op) => `a = Cast <to=9> (x) b = ${op}(a, yes) t = Cast <to=1> (b)`),
  "a = Cast <to=9> (x) b = Not(a) t = Cast <to=1> (b)",
  ...["BitwiseAnd", "BitwiseOr", "BitwiseXor"].map((op) => `a = Cast <to=7> (x) b = ${op}(a, one) t = Cast <to=1> (b)`),
  "a = Cast <to=7> (x) b = BitwiseNot(a) t = Cast <to=1> (b)",
  'p = Abs(x) a = Cast <to=13> (p) b = BitShift <direction="LEFT"> (a, a) t = Cast <to=1> (b)',
  ...["ArgMax", "ArgMin"].map((op) => `b = ${op} <axis=1> (x) t = Cast <to=1> (b)`),
  "i = ArgMax <axis=1, keepdims=0> (x) t = OneHot(i, three, offon)",
  "i = NonZero(x) c = Cast <to=1> (i) t = ReduceSum(c)",
  "i = ArgMax <axis=1, keepdims=0> (x) t = Gather(table, i)",
  "s = ReduceSum(x) r = Reshape(s, single) i = Cast <to=7> (r) a = Abs(i) t = ConstantOfShape(a) ",
  "s = Abs(x) d = Mul(s, half) t = Bernoulli(d)",
  "s = Shape(x) n = Size(x) c = Cast <to=1> (n) t = Mul(c, half)",
];
const HELD = `float half = {0.25}, bool yes = {1}, int64 one = {1}, int64 three = {3}, float[2] offon = {0,1}, int64[1] single = {1},
  float[3,2] table = {1,2,3,4,5,6}`;

describe.each(NODES)("%s", (nodes) => {
  test("nothing flows", async () => {
    const { seed, gradients } = await vjpOf(net("float[2,3] x", `${nodes} u = ReduceSum(t) z = Add(x, u)`, HELD, 18), {
      x: noise([2, 3], 4, 6),
    });
    expect(gradients.x).toEqual(seed);
  });
});

const DRAWN = [
  "t = Multinomial <sample_size=2> (x) c = Cast <to=1> (t)",
  "p = Abs(x) t = Multinomial <sample_size=2> (p) c = Cast <to=1> (t)",
];
test.each(DRAWN)("%s", async (nodes) => {
  const { seed, gradients } = await vjpOf(net("float[2,3] x", `${nodes} u = ReduceSum(c) z = Add(x, u)`), {
    x: noise([2, 3], 4),
  });
  expect(gradients.x).toEqual(seed);
});

test("NonMaxSuppression: boxes that are kept are positions", async () => {
  const text = net(
    "float[1,2,4] x, float[1,1,2] w",
    "i = NonMaxSuppression(x, w) c = Cast <to=1> (i) u = ReduceSum(c) a = ReduceSum(w) b = Add(x, a) z = Add(b, u)",
  );
  const { seed, gradients } = await vjpOf(text, {
    x: floats([1, 2, 4], [0, 0, 1, 1, 2, 2, 3, 3]),
    w: floats([1, 1, 2], [0.5, 0.6]),
  });
  expect(gradients.x).toEqual(seed);
});

test("what the indices of TopK feed is no relevance of the values", async () => {
  const nodes = "k, i = TopK(x, one) c = Cast <to=1> (i) z = Add(x, c)";
  const { seed, gradients } = await vjpOf(net("float[2,3] x", nodes, "int64[1] one = {1}"), { x: noise([2, 3], 4) });
  expect(gradients.x).toEqual(seed);
});
