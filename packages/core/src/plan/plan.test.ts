import { describe, expect, test } from "vitest";
import { explain, noise, tracedModel } from "../../test/support/run.ts";
import { planModel } from "../compile/index.ts";
import type { PlanOptions } from "../compile/options.ts";
import type { Recipe } from "./recipe-fields.ts";

const planOf = async (text: string, recipe: Recipe = {}, options: PlanOptions = {}) =>
  planModel(await tracedModel(text), recipe, options);
const rulesOf = async (text: string, recipe: Recipe = {}, options: PlanOptions = {}) =>
  Object.fromEntries((await planOf(text, recipe, options)).plan.steps.map(({ node, rule }) => [node.output[0], rule]));

const cnn = `net (float[N,2,32,32] x) => (float[N,3] y) <float[4,2,3,3] a = random(1), float[4,4,3,3] b = random(2), float[4,3] w = random(4), float[3] c = random(5)> {
  z0 = Conv <strides=[2,2], pads=[1,1,1,1]> (x, a) h0 = Relu(z0) p0 = MaxPool <kernel_shape=[8,8], strides=[8,8]> (h0) z1 = Conv <pads=[1,1,1,1]> (p0, b) h1 = Relu(z1)
  g = GlobalAveragePool(h1) f = Flatten(g) y = Gemm(f, w, c) }`;
const mlp = "net (float[N,4] x) => (float[N,3] y) <float[4,3] w = random(1)> { y = MatMul(x, w) }";

describe("auto", () => {
  test("takes gamma-box with half the log-odds for convolutions, epsilon for dense layers, and says why", async () => {
    const conv = await planOf(cnn);
    expect(conv.plan.recipe).toMatchObject({ composite: "gamma-box", seed: "half-log-odds", start: "direct" });
    expect(conv.notices.join()).toMatch(/auto took gamma-box with seed half-log-odds: the model has convolutions/);
    expect((await planOf(mlp)).plan.recipe).toMatchObject({ composite: "epsilon", seed: "logit", start: "direct" });
    expect((await planOf(cnn, { seed: "one" })).plan.recipe.seed).toBe("one");
    expect((await planOf(cnn, { composite: { name: "gamma-depth" } })).plan.recipe.seed).toBe("one");
  });
});

describe("rules by composite", () => {
  test("gamma-depth goes by the size of the map", async () => {
    const rules = await rulesOf(cnn.replaceAll("32,32", "64,64"), {
      composite: { name: "gamma-depth", params: { border: 0.1 } },
    });
    expect([rules.z0?.name, rules.z1?.name, rules.y?.name]).toEqual(["flat", "gamma", "epsilon"]);
    const large = await rulesOf(cnn, { composite: { name: "gamma-depth" } });
    expect([large.z0?.name, large.z1?.name]).toEqual(["flat", "gamma"]); // 2/32 is not above 1/16
    expect((await rulesOf(cnn, { composite: { name: "gamma-depth", params: { border: 0.06 } } })).z1?.name).toBe("zplus");
  });

  test("boxes come from the recipe, else from the preprocessing, else deep-taylor has none and epsilon-gamma-box fails", async () => {
    const box = { low: [-2, -1], high: [2, 3] };
    expect((await rulesOf(cnn, { composite: { name: "epsilon-gamma-box" } }, { box })).z0).toEqual({ name: "zbox", ...box });
    expect((await rulesOf(cnn, { composite: { name: "epsilon-gamma-box", params: { low: 0, high: 1 } } }, { box })).z0).toEqual({
      name: "zbox",
      low: 0,
      high: 1,
    });
    expect((await rulesOf(cnn, { composite: { name: "deep-taylor" } })).z0?.name).toBe("wsquare");
    await expect(planOf(cnn, { composite: { name: "epsilon-gamma-box" } })).rejects.toMatchObject({ _tag: "BadRecipe" });
  });

  test("every step says why; the first entry that matches wins", async () => {
    const { plan } = await planOf(cnn, {
      rules: [
        { match: { first: true }, rule: { name: "flat" } },
        { match: { op: "Conv" }, rule: { name: "zplus" } },
      ],
    });
    expect(plan.steps.every(({ why }) => why.length > 0)).toBe(true);
    expect(plan.steps.filter(({ op }) => op === "Conv").map(({ rule, why }) => `${rule.name}: ${why}`)).toEqual([
      "flat: rule 1: first",
      "zplus: rule 2: op Conv",
    ]);
    expect(plan.steps.find(({ op }) => op === "Gemm")).toMatchObject({
      rule: { name: "epsilon" },
      why: "no rule of the recipe matches this layer",
    });
    expect(plan.steps.find(({ op }) => op === "Gemm")?.loses).toContain("the bias's share");
  });
});

describe("rules that do not fit", () => {
  const rule = (name: string, match: object) => planOf(cnn, { rules: [{ match, rule: { name } }] });
  test.each([
    ["zplus", { op: "Relu" }, /sums/],
    ["pass", { op: "Conv" }, /different shapes/],
    ["guided", { op: "Conv" }, /ReLUs/],
    ["uniform", { op: "Relu" }, /product/],
  ])("%s at %j is an error", async (name, match, why) => {
    await expect(rule(name, match)).rejects.toThrow(why);
  });
  test("a glob over a block leaves its other nodes alone", async () => {
    const { plan } = await planOf(cnn, { rules: [{ match: { name: "*" }, rule: { name: "zplus" } }] });
    expect(plan.steps.map(({ op, rule: { name } }) => `${op} ${name}`)).toEqual([
      "Conv zplus",
      "Relu pass",
      "MaxPool winner",
      "Conv zplus",
      "Relu pass",
      "GlobalAveragePool zplus",
      "Flatten follow",
      "Gemm zplus",
    ]);
  });
});

describe("products", () => {
  const gate =
    "net (float[N,4] x) => (float[N,4] y) <float[4,4] w = random(1), float[4,4] v = random(2)> { z = MatMul(x, w) s = Sigmoid(z) l = MatMul(x, v) m = Mul(s, l) y = MatMul(m, v) }";
  test("a gate gets nothing unless all products are halved", async () => {
    expect((await rulesOf(gate)).m).toEqual({ name: "signal-takes-all", gate: 0 });
    expect((await rulesOf(gate, { params: { product: "uniform" } })).m?.name).toBe("uniform");
    expect((await rulesOf(gate.replace("Sigmoid", "Tanh"))).m?.name).toBe("uniform");
    expect((await rulesOf(gate, { rules: [{ match: { op: "Mul" }, rule: { name: "signal-takes-all" } }] })).m).toEqual({
      name: "signal-takes-all",
      gate: 0,
    });
  });
});

describe("what is explained", () => {
  test("float inputs that reach the output; the others are fixed", async () => {
    const text =
      "net (float[N,3] x, int64[N] i, float[N,3] far) => (float[N,3] y, float[N,3] z) { f = Cast <to=1> (i) u = Unsqueeze(f, ax) y = Add(x, u) z = Neg(far) }".replace(
        "{ f",
        "<int64[1] ax = {1}> { f",
      );
    const { plan } = await planOf(text, { rules: [] });
    expect([plan.output, plan.explained, plan.fixed]).toEqual(["y", ["x"], ["i", "far"]]);
  });
  test("tokens are explained where they are looked up; their types, positions and masks are fixed", async () => {
    const text =
      "net (int64[N,T] ids, int64[N,T] token_type_ids) => (float[N,4] y) <float[9,4] table = random(1), float[2,4] types = random(2)> { c = Identity(ids) e = Gather(table, c) t = Gather(types, token_type_ids) s = Add(e, t) y = ReduceMean <axes=[1], keepdims=0> (s) }";
    const { plan } = await planOf(text);
    expect([plan.explained, plan.fixed]).toEqual([["e"], ["ids", "token_type_ids"]]);
    expect(plan.steps.map(({ op, sharing }) => [op, ...sharing])).toEqual([
      ["Add", 0],
      ["ReduceMean", 0],
    ]);
    const two = text.replaceAll("token_type_ids", "other").replace("float[2,4]", "float[9,4]");
    await expect(planOf(two)).rejects.toMatchObject({ _tag: "BadRecipe", parts: { why: expect.stringMatching(/^e .*; t /) } });
    const none = "net (int64[N,T] ids) => (float[N,1] y) { y = ReduceMean <axes=[1]> (ids) }".replace("float[N", "int64[N");
    await expect(planOf(none)).rejects.toMatchObject({ _tag: "BadModel" });
  });
  test("a comparison with all classes is a one-hot, one with the padding is not", async () => {
    const text =
      "net (int32[N,6] bytes) => (float[N,6,2] y) <int64[1] last = {-1}, int32[3] classes = {0,1,2}, int32 pad = {2}, float[3,2] w = random(1)> { b = Unsqueeze(bytes, last) same = Equal(b, classes) hot = Cast <to=1> (same) padded = Equal(b, pad) no = Cast <to=1> (padded) z = MatMul(hot, w) y = Mul(z, no) }";
    const { plan } = await planOf(text);
    expect(plan.explained).toEqual(["hot"]);
  });
  test("an operator without a rule is an error that names it, or is detached on request", async () => {
    const text =
      "net (float[N,2,2] x) => (float[N,2,2] y) <int64[3] s = {-1, 1, 1}> { d = Det(x) c = Reshape(d, s) y = Add(x, c) }";
    await expect(planOf(text)).rejects.toMatchObject({ _tag: "Unsupported", parts: { where: "node 'd'" } });
    const { plan } = await planOf(text, { onUnsupported: "detach" });
    expect(plan.notices.join()).toMatch(/Det 'd' is detached/);
    expect(plan.steps.find(({ op }) => op === "Det")?.loses).toEqual(["detached: all of it"]);
    const { relevance } = await explain(
      text,
      { x: noise([1, 2, 2], 1) },
      { recipe: { method: "gradient", onUnsupported: "detach" }, target: { kind: "index", index: [1, 0] } },
    );
    expect(relevance).toEqual([0, 0, 1, 0]);
  });
});
