/** Where no relevance can go, no rule is needed: positions, conditions and sizes, by whatever they are computed. */
import { describe, expect, test } from "vitest";
import { explain, floats, noise } from "../../test/support/run.ts";

const HELD = [
  "float[6,4] w = random(1), float one = {1}, int64 zero = {0}, int64 two = {2}, int64 step = {1}, int64[1] ax = {1}, float[3] v = {1, -2, 3}",
  "int64[2] first = {0, 1}, int64[2] last = {2, 3}, bool on = {1}, int64[1] none = {0}",
].join(", ");
/** `picks` makes the positions i of the columns that are averaged. */
const net = (picks: string, out = "g = Gather <axis=1> (r, i)") =>
  `<ir_version: 8, opset_import: ["" : 17]> net (float[1,6] x) => (float[1,3] y) <${HELD}> {
    h = MatMul(x, w) r = Relu(h) s = ReduceSum <keepdims=0> (r) ${picks} ${out}
    p = ReduceMean <axes=[1], keepdims=1> (g) y = Mul(p, v) }`;
const x = { x: floats([1, 6], [0.4, -0.3, 0.8, 0.1, -0.9, 0.5]) };

describe("results that have no derivative", () => {
  test.each([
    [
      "a branch that picks positions",
      "c = Greater(s, one) i = If (c) <then_branch = t () => (int64[2] a) { a = Identity(first) }, else_branch = e () => (int64[2] b) { b = Identity(last) }>",
    ],
    ["a count that depends on the values", "c = Greater(s, one) k = Cast <to=7> (c) n = Add(k, two) i = Range(zero, n, step)"],
    [
      "what is found, without its repeats",
      "t, order = TopK <axis=1> (r, ax) f = Reshape(order, ax) j, u, q, z = Unique (f) i = Concat <axis=0> (j, ax)",
    ],
    [
      "a loop that counts",
      "c = Greater(s, one) k = Cast <to=7> (c) n = Add(k, two) z, i = Loop (n, on, zero) <body = b (int64 round, bool go, int64 at) => (bool more, int64 next, int64 seen) { more = Identity(go) next = Add(at, step) seen = Identity(at) }>",
    ],
    [
      "floats on the way to positions",
      "m = ReduceMax <axes=[1], keepdims=0> (r) d = Det(sq) c = Greater(s, d) k = Cast <to=7> (c) n = Add(k, two) i = Range(zero, n, step)",
    ],
  ])("%s", async (_, picks) => {
    const text = net(picks.replace("d = Det(sq)", "t = Transpose(r) sq = MatMul(t, r) d = Det(sq)"));
    const { relevance, compiled } = await explain(text, x, { recipe: { method: "gradient" }, sample: x });
    expect(relevance.some((r) => r !== 0)).toBe(true);
    expect(compiled.plan.steps.every(({ unsupported }) => unsupported === undefined)).toBe(true);
  });

  test("another number of positions than the sample's", async () => {
    const text = net("c = Greater(s, one) k = Cast <to=7> (c) n = Add(k, two) i = Range(zero, n, step)");
    const sample = { x: floats([1, 6], [0, 0, 0, 0, 0, 0]) };
    for (const scale of [0, 0.1, 4]) {
      const { relevance } = await explain(text, { x: noise([1, 6], 3, scale) }, { sample });
      expect(relevance).toHaveLength(6);
    }
  });
});

describe("results that have one still need a rule", () => {
  test.each([
    [
      "a branch that makes values",
      "c = Greater(s, one) b = If (c) <then_branch = t () => (float[1,4] a) { a = Identity(r) }, else_branch = e () => (float[1,4] d) { d = Neg(r) }>",
      /cannot explain through If/,
    ],
    [
      "a loop that carries values",
      "c = Greater(s, one) k = Cast <to=7> (c) b = Loop (k, on, r) <body = l (int64 round, bool go, float[1,4] at) => (bool more, float[1,4] next) { more = Identity(go) next = Add(at, at) }>",
      /cannot explain through Loop/,
    ],
    ["a determinant", "t = Transpose(r) sq = MatMul(t, r) d = Det(sq) b = Mul(r, d)", /cannot explain through Det/],
  ])("%s", async (_, made, why) => {
    await expect(explain(net(made, "g = Identity(b)"), x, { sample: x })).rejects.toThrow(why);
  });

  test("a branch that takes values from outside without changing them carries nothing of its condition", async () => {
    const made =
      "c = Greater(s, one) b = If (c) <then_branch = t () => (float o) { o = Identity(one) }, else_branch = e () => (float q) { q = Neg(one) }>";
    const { relevance } = await explain(net(made, "g = Mul(r, b)"), x, { recipe: { method: "gradient" }, sample: x });
    expect(relevance.some((r) => r !== 0)).toBe(true);
  });
});
