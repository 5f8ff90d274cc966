import { expect, test } from "vitest";
import { relativeError } from "../../test/support/compare.ts";
import { explain, noise } from "../../test/support/run.ts";
import type { Recipe } from "../plan/index.ts";

/** Two ways to write the same padding: a Pad that two convolutions read, and the convolutions' own pads. */
const net = (
  apart: boolean,
): string => `net (float[N,2,7,6] x) => (float[N,3] y) <float[4,2,3,3] k = random(1), float[4] b = random(2),
  float[4,1,3,3] d = random(3), float[4,1,3,3] e = random(6), float[3,4] w = random(4), int64[8] around = {0,0,0,1,0,0,2,1}> {
  z = Conv <pads=[1,1,1,1]> (x, k, b) h = Relu(z)
  ${
    apart
      ? `p = Pad(h, around)
         u = Conv <group=4, strides=[2,2], pads=[1,0,0,0]> (p, d) v = Conv <group=4, strides=[2,2], pads=[1,0,0,0]> (p, e)`
      : `u = Conv <group=4, strides=[2,2], pads=[1,1,2,1]> (h, d) v = Conv <group=4, strides=[2,2], pads=[1,1,2,1]> (h, e)`
  }
  s = Sum(u, v) q = Relu(s) g = GlobalAveragePool(q) f = Flatten(g) y = Gemm <transB=1> (f, w) }`;

const x = noise([2, 2, 7, 6], 5);

const padsOf = ({ compiled }: Awaited<ReturnType<typeof explain>>): number =>
  compiled.model.graph.node.filter(({ opType }) => opType === "Pad").length;

test.each<[string, Recipe]>([
  ["ε", { composite: "epsilon" }],
  ["z⁺", { composite: "zplus" }],
  ["αβ", { composite: "epsilon-alpha2-beta1" }],
  ["γ", { composite: "gamma" }],
  ["gradient", { method: "gradient" }],
])("zeros put before a convolution are its own padding: %s", async (_, recipe) => {
  const [apart, own] = [await explain(net(true), { x }, { recipe }), await explain(net(false), { x }, { recipe })];
  expect(relativeError(apart.relevance, own.relevance)).toBeLessThan(1e-6);
  expect(padsOf(apart)).toBe(padsOf(own) + 1); // the model's own
});

test("rules that look at the weights alone still reach the padding, and lose there", async () => {
  const recipe: Recipe = { rules: [{ match: { op: "Conv", "every-first": false }, rule: { name: "flat" } }] };
  const [apart, own] = [await explain(net(true), { x }, { recipe }), await explain(net(false), { x }, { recipe })];
  expect(padsOf(apart)).toBeGreaterThan(padsOf(own) + 1);
  const total = (values: readonly number[]) => Math.abs(values.reduce((sum, v) => sum + v, 0));
  expect(total(apart.relevance)).toBeLessThan(total(own.relevance));
});

test("the relevance of the padded value can still be asked for", async () => {
  const { out } = await explain(net(true), { x }, { recipe: { composite: "epsilon" }, layers: ["p"] });
  expect(out["relevance@p"]!.dims).toEqual([2, 4, 9, 8]);
});
