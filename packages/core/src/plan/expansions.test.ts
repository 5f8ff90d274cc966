import { expect, test } from "vitest";
import { tracedModel } from "../../test/support/run.ts";
import { planModel } from "../compile/index.ts";

/** Two inverted residuals and what surrounds them: a stem, a residual sum, a padded depthwise layer, a squeeze, a last convolution. */
const NET = `net (float[N,3,16,16] x) => (float[N,4] y) <float[4,3,3,3] stem = random(1), float[8,4,1,1] e1 = random(2),
  float[8,1,3,3] d1 = random(3), float[4,8,1,1] p1 = random(4), float[8,4,1,1] e2 = random(5), float[8,1,3,3] d2 = random(6),
  float[4,8,1,1] p2 = random(7), float[8,4,1,1] top = random(8), float[8,4] w = random(9), int64[8] around = {0,0,0,0,0,0,1,1},
  float[1,8,1,1] s = random(10), float low = {0}, float high = {6}> {
  ["stem"] z0 = Conv <strides=[2,2], pads=[1,1,1,1]> (x, stem) a0 = Relu(z0)
  ["d0"] z1 = Conv <group=4, pads=[1,1,1,1]> (a0, d0) a1 = Relu(z1) ["p0"] b0 = Conv(a1, p0)
  ["e1"] z2 = Conv(b0, e1) a2 = Relu(z2) ["d1"] z3 = Conv <group=8, pads=[1,1,1,1]> (a2, d1) a3 = Relu(z3) ["p1"] b1 = Conv(a3, p1)
  b = Add(b0, b1)
  ["e2"] z4 = Conv(b, e2) m = Mul(z4, s) a4 = Clip(m, low, high) q = Pad(a4, around)
  ["d2"] z5 = Conv <group=8, strides=[2,2]> (q, d2) a5 = Relu(z5) ["p2"] b2 = Conv(a5, p2)
  ["top"] z6 = Conv(b2, top) a6 = Relu(z6) g = GlobalAveragePool(a6) f = Flatten(g) ["head"] y = Gemm(f, w) }`.replace(
  "float[8,4,1,1] e1",
  "float[4,1,3,3] d0 = random(11), float[4,4,1,1] p0 = random(12), float[8,4,1,1] e1",
);

test("expansions: what a bottleneck is widened by, for a depthwise convolution, and nothing else", async () => {
  const { plan } = planModel(await tracedModel(NET), {
    rules: [{ match: { expansion: true }, rule: { name: "zplus" } }],
  });
  const chosen = plan.steps.filter(({ rule }) => rule.name === "zplus").map(({ node }) => node.name);
  expect(chosen).toEqual(["e1", "e2"]);
});

test("auto on such a net: ε there, γ where maps become narrow", async () => {
  const { plan, notices } = planModel(await tracedModel(NET), {}, { asked: true });
  expect(notices.join("\n")).toContain("auto took gamma-bottleneck with seed log-odds");
  const rules = Object.fromEntries(
    plan.steps.flatMap(({ node, rule, index }) => (index === undefined ? [] : [[node.name, rule.name]])),
  );
  expect(rules).toEqual({
    ...{ stem: "flat", d0: "gamma", p0: "gamma", e1: "epsilon", d1: "gamma", p1: "gamma" },
    ...{ e2: "epsilon", d2: "gamma", p2: "gamma", top: "gamma", head: "epsilon" },
  });
});
