/** Which rule may be written for which operator. */
import { describe, expect, test } from "vitest";
import { explain, noise } from "../../test/support/run.ts";

const net = `net (float[N,4] x) => (float[N,3] y) <float[4,4] w = random(1), float[4,4] v = random(2), float[4,3] u = random(3)> {
  a = MatMul(x, w) b = MatMul(x, v) m = Mul(a, b) s = Softmax(m) r = Relu(s) t = Tanh(r) c = Clip(t, nought, six)
  d = Add(c, a) e = Sub(d, b) f = Flatten(e) y = MatMul(f, u) }`.replace("> {", ", float nought = {0}, float six = {6}> {");

const withRule = (op: string, name: string) =>
  explain(net, { x: noise([2, 4], 1) }, { recipe: { rules: [{ match: { op }, rule: { name } }] } });

describe.each<[rule: string, fits: readonly string[], others: Readonly<Record<string, RegExp>>]>([
  [
    "signal-takes-all",
    ["Mul"],
    { MatMul: /products of two values/, Relu: /products of two values/, Add: /products of two values/ },
  ],
  ["uniform", ["Mul"], { MatMul: /for product nodes/, Softmax: /for product nodes/ }],
  ["bilinear", [], { Mul: /for bilinear nodes/, MatMul: /for bilinear nodes/ }],
  ["taylor", ["Softmax"], { Relu: /for softmax nodes/ }],
  ["guided", ["Relu", "Clip"], { Tanh: /ReLUs and ReLU6/, MatMul: /ReLUs and ReLU6/ }],
  ["deconv", ["Relu", "Clip"], { Tanh: /ReLUs and ReLU6/ }],
  ["beta-smooth", ["Relu"], { Clip: /for ReLUs/, Tanh: /for ReLUs/ }],
  ["rectgrad", ["Relu"], { Clip: /for ReLUs/, Tanh: /for ReLUs/ }],
  ["pass", ["Relu", "Tanh", "Add"], { MatMul: /different shapes/ }],
  ["gamma", ["MatMul", "Add"], { Relu: /layers that are sums/, Mul: /layers that are sums/, Sub: /both signs/ }],
  ["epsilon", ["MatMul", "Add", "Sub", "Relu", "Mul"], {}],
])("%s", (rule, fits, others) => {
  test.each(fits)("at %s", async (op) => {
    const { relevance } = await withRule(op, rule);
    expect(relevance.every(Number.isFinite)).toBe(true);
  });
  test.each(Object.entries(others))("not at %s", async (op, why) => {
    await expect(withRule(op, rule)).rejects.toMatchObject({
      _tag: "BadRecipe",
      parts: { what: `rule '${rule}' does not fit ${op}`, why: expect.stringMatching(why) },
    });
  });
});
