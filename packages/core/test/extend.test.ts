/** What comes from outside, tried as a user would: one import of the package, nothing of its sources. */
import {
  again,
  BacklitError,
  type CompiledMethod,
  defineImputer,
  defineMethod,
  defineMetric,
  defineOperator,
  defineRule,
  type Explainer,
  encodeModelBytes,
  evaluate,
  type FloatTensor,
  type Imputer,
  load,
  type AttributionMethod as Method,
  type Metric,
  methodCards,
  ortRuntime,
  parseModel,
  type RuleCard,
  rules,
  type Site,
} from "@backlit/core";
import * as ort from "onnxruntime-node";
import { describe, expect, test } from "vitest";

const runtime = ortRuntime(ort, { name: "onnxruntime-node" });
const open = (text: string): Promise<Explainer> => load(encodeModelBytes(parseModel(text)), { runtime });
const rows = (dims: readonly number[], data: readonly number[]): FloatTensor => ({
  type: "float32",
  dims,
  data: Float32Array.from(data),
});
const NET = `<ir_version: 8, opset_import: ["": 17]> net (float[N,3] x) => (float[N,2] y)
  <float[3,2] w = {1, -1, 2, 1, -3, 4}, float[2] b = {0.5, -0.5}> { z = MatMul(x, w) c = Add(z, b) y = Relu(c) }`;
const x = rows([2, 3], [1, 2, 0.5, 3, 1, 1]);
const close = (found: ArrayLike<number>, wanted: readonly number[]) => {
  expect(found.length).toBe(wanted.length);
  for (const [i, value] of wanted.entries()) expect(found[i]).toBeCloseTo(value, 5);
};
const card = (name: string) => ({
  name,
  family: "gradient" as const,
  what: "made up",
  assumes: "nothing",
  conserves: "nothing",
  cost: "1 G",
  classDiscriminative: true,
  source: "this test",
  parameters: {},
});

describe("methods", () => {
  const twice: Method = {
    card: { ...card("own-twice"), parameters: { times: { what: "how often", default: 2, min: 1 } } },
    attribute: async ({ x, params, attribute }) => {
      const { relevance } = await attribute("gradient", {}, x);
      return { relevance: { ...relevance, data: relevance.data.map((r) => r * Number(params.times)) } };
    },
  };
  const cubed: CompiledMethod = {
    card: { ...card("own-clipped"), parameters: { share: { what: "percentile", default: 0, min: 0, max: 100 } } },
    flow: "derivative",
    activation: { at: "relu", why: "clipped", rule: ({ share }) => ({ name: "rectgrad", percentile: share }) },
    times: () => "input",
  };

  test("one of many passes, with a parameter", async () => {
    defineMethod(twice);
    await using lit = await open(NET);
    const { relevance, recipe } = await lit.explain(x, { method: "own-twice", params: { times: 3 }, target: 0 });
    close(relevance.data, [3, 6, -9, 3, 6, -9]);
    expect(recipe.method).toBe("own-twice");
    await expect(lit.explain(x, { method: "own-twice", params: { times: 0 } })).rejects.toThrow(/at least 1/);
    expect(methodCards.map(({ name }) => name)).toContain("own-twice");
  });

  test("one of a compiled pass is written into the artefact", async () => {
    defineMethod(cubed);
    await using lit = await open(NET);
    const { relevance } = await lit.explain(x, { method: "own-clipped", target: 0 });
    close(relevance.data, [1, 4, -1.5, 3, 2, -3]);
    const { plan } = await lit.compile({ method: "own-clipped", params: { share: 50 } });
    expect(plan.recipe).toMatchObject({ method: "own-clipped", params: { share: 50 } });
    expect(plan.steps.find(({ op }) => op === "Relu")).toMatchObject({ why: "clipped", rule: { percentile: 50 } });
    await expect(lit.compile({ method: "own-clipped", params: { share: 101 } })).rejects.toThrow(/from 0 to 100/);
  });

  test.each([
    ["taken by a compiled one", { ...twice, card: card("gradient") }, /'gradient' is defined already/],
    ["taken by a composite", { ...twice, card: card("epsilon-plus") }, /defined already/],
    ["without a function", { card: card("own-empty") }, /'own-empty': attribute must be a function, not undefined/],
    ["without a source", { ...twice, card: { ...card("own-mute"), source: undefined } }, /card.source must be a text/],
    ["that is no word", { ...twice, card: card("Own:x") }, /small letters/],
    ["nothing at all", null, /without a name/],
    [
      "a parameter without default",
      { ...twice, card: { ...card("own-p"), parameters: { q: { what: "q" } } } },
      /parameters.q.default/,
    ],
  ])("refused: %s", (_, method, why) => {
    const before = methodCards.length;
    expect(() => defineMethod(method as Method)).toThrow(why);
    expect(() => defineMethod(method as Method)).toThrow(BacklitError);
    expect(methodCards.length).toBe(before);
  });
});

describe("metrics and imputers", () => {
  const largest: Metric = {
    card: {
      name: "own-largest",
      family: "complexity",
      what: "the largest value of the map, and what is left of the score without all inputs",
      definition: "max R; f(imputed)",
      source: "this test",
      scores: { largest: { what: "max R", direction: "higher", range: "any number" } },
      cost: "0 F",
      criticism: "says little",
      parameters: { scale: { what: "times this", default: 1 } },
    },
    measure: async ({ relevance, params }) => {
      const width = relevance.data.length / relevance.dims[0]!;
      const largestOf = (_: unknown, n: number) => Math.max(...relevance.data.subarray(n * width, (n + 1) * width));
      return {
        scores: { largest: Float64Array.from({ length: relevance.dims[0]! }, largestOf).map((v) => v * Number(params.scale)) },
      };
    },
  };
  const sevens: Imputer = {
    card: { name: "own-number", form: "own-number:VALUE", what: "the number given", source: "this test" },
    prepare: ([text], { x }) => ({
      kind: "snapshot",
      values: new Float32Array(x.data.length / x.dims[0]!).fill(Number(text)),
    }),
  };

  test("an evaluation finds both by name", async () => {
    defineMetric(largest);
    defineImputer(sevens);
    await using lit = await open(NET);
    const settings = [
      { metric: "own-largest", params: { scale: 10 } },
      { metric: "completeness", params: { baseline: "own-number:7" } },
      { metric: "completeness", params: { baseline: "constant:7" } },
      { metric: "completeness" },
    ];
    const read = async () => ({ x, names: ["a", "b"], targets: [[1], [1]] });
    const data = { name: "two rows", sha256: "", count: 2, read };
    const { tables } = await evaluate([lit], {
      model: "net",
      data,
      methods: [{ name: "g", options: { method: "gradient" } }],
      settings,
    });
    const scoresOf = (setting: number, score: string) =>
      tables.find((table) => table.setting === setting && table.score === score)!.values[0]!;
    expect(scoresOf(0, "largest")).toEqual([40, 40]);
    const [own, usual, zero] = [1, 2, 3].map((setting) => scoresOf(setting, "completeness_error"));
    expect(own).toEqual(usual);
    expect(own).not.toEqual(zero);
  });

  test("what is malformed or taken is refused", () => {
    expect(() => defineMetric(largest)).toThrow(/metric 'own-largest' is defined already/);
    expect(() => defineMetric({ ...largest, card: { ...largest.card, name: "own-b", scores: {} } })).toThrow(/names no score/);
    expect(() => defineMetric({ card: { ...largest.card, name: "own-c" } } as never)).toThrow(/measure must be a function/);
    expect(() => defineImputer({ ...sevens, card: { ...sevens.card, name: "blur" } })).toThrow(
      /imputer 'blur' is defined already/,
    );
    expect(() => defineImputer({ ...sevens, card: { ...sevens.card, name: "zero" } })).toThrow(/defined already/);
    expect(() => defineImputer({ card: sevens.card } as never)).toThrow(BacklitError);
  });
});

describe("rules", () => {
  /** ε with another share of the bias: none. */
  const unbiased: RuleCard = {
    name: "own-unbiased",
    what: "in proportion to x·w, nothing to the bias",
    source: "this test",
    parameters: { share: { what: "of the relevance", default: 1, min: 0 } },
    groups: ({ share }) => [{ factor: Number(share), terms: [{ factor: 1, x: "all", w: "all" }] }],
  };

  test("a recipe names it; its parameters count", async () => {
    defineRule(unbiased);
    await using lit = await open(NET);
    const by = async (rule: { readonly name: string; readonly share?: number }) =>
      (await lit.explain(x, { rules: [{ match: {}, rule }], seed: "logit", target: 0 })).relevance.data;
    // z = x·w for class 0: contributions 1, 4, −1.5 of 3.5, the logit is 4.
    close(
      (await by({ name: "own-unbiased" })).subarray(0, 3),
      [1, 4, -1.5].map((c) => (c / 3.5) * 4),
    );
    close(
      (await by({ name: "own-unbiased", share: 0.5 })).subarray(0, 3),
      [1, 4, -1.5].map((c) => (c / 3.5) * 2),
    );
    await expect(by({ name: "own-unbiased", share: -1 })).rejects.toThrow(/share must be at least 0/);
  });

  test.each([
    ["a name that is taken", { ...unbiased, name: "gamma" }, /rule 'gamma' is defined already/],
    ["no groups", { ...unbiased, name: "own-a", groups: undefined }, /groups must be a function/],
    ["no terms", { ...unbiased, name: "own-b", groups: () => [] }, /no list of groups/],
    [
      "a part there is not",
      { ...unbiased, name: "own-c", groups: () => [{ factor: 1, terms: [{ factor: 1, x: "all", w: "some" }] }] },
      /the part "some"/,
    ],
    [
      "a default below its own minimum",
      { ...unbiased, name: "own-d", parameters: { share: { what: "s", default: -1, min: 0 } } },
      /at least 0/,
    ],
  ])("refused: %s", async (_, rule, why) => {
    expect(() => defineRule(rule as RuleCard)).toThrow(why);
    expect(() => defineRule(rule as RuleCard)).toThrow(BacklitError);
    if (rule.name !== "gamma") expect(rules).not.toHaveProperty([rule.name]);
  });
});

describe("operators", () => {
  // Windows of two neighbours, an operator of a domain of its own that the runtime knows and the compiler does not.
  const WINDOWS = `<ir_version: 8, opset_import: ["": 17, "com.microsoft": 1]> net (float[N,4] x) => (float[N,2] y)
    <float[6,2] w = random(1), int64[2] flat = {0, 6}>
    { u = com.microsoft.UnfoldTensor <dim=1, size=2, step=1> (x) f = Reshape(u, flat) y = MatMul(f, w) }`;
  const folded = ({ g }: Site, s: string) => {
    const column = (k: number) => g.op("Gather", [s, g.ints(k)], { axis: 2 });
    return g.add(g.op("Pad", [column(0), g.ints([0, 0, 0, 1])]), g.op("Pad", [column(1), g.ints([0, 1, 0, 0])]));
  };

  const at = rows([2, 4], [1, -2, 3, 0.5, 2, 1, -1, 4]);

  test("a custom domain's operator is explained through, end to end", async () => {
    await expect(open(WINDOWS).then((lit) => lit.explain(at, { method: "gradient", target: 1 }))).rejects.toThrow(
      /com.microsoft.UnfoldTensor/,
    );
    defineOperator({
      domain: "com.microsoft",
      opType: "UnfoldTensor",
      role: () => ({
        kind: "sum",
        positive: true,
        inputs: [0],
        apply: (site, values) => again(site, values),
        adjoint: (site, s) => folded(site, s),
        vjp: (site, [g]) => folded(site, g!),
      }),
    });
    await using lit = await open(WINDOWS);
    const { relevance: slope } = await lit.explain(at, { method: "gradient", target: 1 });
    const logits = async (x: FloatTensor) =>
      (await lit.explain(x, { method: "gradient", target: 1 })).output.data as Float32Array;
    for (let i = 0; i < 4; i++) {
      const up = { ...at, data: at.data.map((v, k) => (k % 4 === i ? v + 1 : v)) };
      const [here, there] = [await logits(at), await logits(up)];
      expect(slope.data[i]).toBeCloseTo(there[1]! - here[1]!, 4);
    }
    // Linear and without a bias: what LRP hands back adds up to the logit, and is x times the slope.
    const lrp = await lit.explain(at, { composite: "epsilon", seed: "logit", target: 1 });
    close(
      lrp.relevance.data,
      Array.from(slope.data, (s, i) => s * at.data[i]!),
    );
  });

  test("what is malformed or taken is refused", () => {
    expect(() => defineOperator({ opType: "Conv", role: () => "no" })).toThrow(/operator 'Conv' is defined already/);
    expect(() => defineOperator({ opType: "", role: () => "no" })).toThrow(/opType must be a text/);
    expect(() => defineOperator({ domain: "own", opType: "Thing" } as never)).toThrow(/role must be a function/);
  });
});
