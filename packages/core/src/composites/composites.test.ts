/** What our own composites give to which node. */
import { describe, expect, test } from "vitest";
import { tracedModel } from "../../test/support/run.ts";
import { planModel } from "../compile/index.ts";
import type { PlanOptions } from "../compile/options.ts";

/** Convolutions, a batch norm behind a sum, global context by attention, a gate, a dense layer. */
const text = `<ir_version: 8, opset_import: ["" : 17]> net (float[N,2,8,8] x) => (float[N,3] y)
  <float[4,2,3,3] k0 = random(1), float[4,4,3,3] k1 = random(2), float[4,4,3,3] k2 = random(3), float[4,4,1,1] k3 = random(4), float[4,4] q = random(5), float[4,3] w = random(6),
   float[4] s = {1,2,3,4}, float[4] t = {1,1,-1,0.5}, float[4] v = {1,1,1,1}, int64[3] cut = {0,4,-1}> {
  ["stem"] z0 = Conv <pads=[1,1,1,1], strides=[2,2]> (x, k0) h0 = Relu(z0)
  ["early"] z1 = Conv <pads=[1,1,1,1]> (h0, k1) ["sum"] a = Add(z1, h0)
  ["norm"] n = BatchNormalization(a, s, t, t, v) h1 = Relu(n)
  ["late"] z2 = Conv <pads=[1,1,1,1], strides=[2,2]> (h1, k2) h2 = Relu(z2)
  p = GlobalAveragePool(h2) ["squeeze"] e = Conv(p, k3) i = Sigmoid(e) ["gate"] u = Mul(h2, i)
  c = Reshape(u, cut) r = Transpose <perm=[0,2,1]> (c) ["query"] m = MatMul(r, q) ["scores"] l = MatMul(m, c)
  ["softmax"] b = Softmax <axis=-1> (l) ["mix"] o = MatMul(b, r) f = ReduceMean <axes=[1], keepdims=0> (o) ["head"] y = MatMul(f, w) }`;

const rulesOf = async (composite: string, options: PlanOptions = {}) => {
  const { plan } = planModel(await tracedModel(text), { composite }, options);
  return Object.fromEntries(plan.steps.filter(({ node }) => node.name).map(({ node, rule }) => [node.name, rule]));
};
const box = { low: [0, -1], high: [1, 2] };

describe("gamma-box", () => {
  test("z^B first, γ on convolutions, ε on dense layers and batch norms", async () => {
    expect(await rulesOf("gamma-box", { box })).toMatchObject({
      stem: { name: "zbox", ...box },
      early: { name: "gamma", gamma: 0.25 },
      late: { name: "gamma", gamma: 0.25 },
      norm: { name: "epsilon" },
      head: { name: "epsilon" },
      query: { name: "epsilon" },
      gate: { name: "signal-takes-all" },
    });
  });
  test("flat first where no box is known", async () => {
    expect(await rulesOf("gamma-box")).toMatchObject({ stem: { name: "flat" }, early: { name: "gamma" } });
  });
});

describe("with attention", () => {
  const attention = {
    norm: { name: "epsilon" },
    query: { name: "epsilon", epsilon: 1e-6 },
    scores: { name: "bilinear", epsilon: 1e-8 },
    softmax: { name: "taylor" },
    mix: { name: "bilinear", epsilon: 1e-8 },
    sum: { name: "epsilon", epsilon: 1e-8 },
    gate: { name: "signal-takes-all" },
    head: { name: "epsilon", epsilon: 1e-6 },
  };
  test("convolutions have gamma-box's rules", async () => {
    expect(await rulesOf("gamma-box-attention", { box })).toMatchObject({
      ...attention,
      stem: { name: "zbox", ...box },
      early: { name: "gamma", gamma: 0.25 },
      squeeze: { name: "gamma", gamma: 0.25 },
    });
  });
  test("or gamma-depth's, with its border", async () => {
    const rules = {
      ...attention,
      stem: { name: "flat" },
      early: { name: "zplus" },
      late: { name: "zplus" },
      squeeze: { name: "zplus" },
    };
    expect(await rulesOf("gamma-depth-attention")).toMatchObject(rules);
    const gamma = { name: "gamma", gamma: 0.1 };
    // The stem's stride is half of the total, no less: γ but for the flat first layer.
    const half = { ...attention, stem: { name: "flat" }, early: gamma, late: gamma, squeeze: gamma };
    expect(await rulesOf("gamma-depth-attention", { asked: true })).toMatchObject(half);
  });
});
