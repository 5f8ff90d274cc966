import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { nodeRuntime } from "../../../backlit/src/host/runtime/node.ts";
import { noise } from "../../test/support/run.ts";
import { compile } from "../compile/index.ts";
import { compareRuns, evaluate, judgeOf, tune } from "../evaluate/index.ts";
import { encodeModelBytes } from "../onnx/encode.ts";
import { parseModel } from "../onnx/parse-text.ts";
import { type Explainer, load } from "./explainer.ts";

const model = parseModel(`net (float[N,3] x) => (float[N,2] y) <float[3,2] w = random(1)> { y = MatMul(x, w) }`);
const x = noise([1, 3], 2);
let lit: Explainer;
beforeAll(async () => {
  lit = await load(encodeModelBytes(model), { runtime: await nodeRuntime() });
});
afterAll(() => lit[Symbol.asyncDispose]());

const data = { name: "d", sha256: "", count: 2, read: async () => ({ x: noise([2, 3], 3), names: ["a", "b"] }) };
const task = { model: "m", data, methods: [{ name: "auto", options: {} }], settings: [{ metric: "srg" }] };

/** As somebody without types would write it. */
const misspelt: readonly (readonly [string, () => unknown, RegExp])[] = [
  ["inspect", () => lit.inspect({ compositee: "gamma" } as never), /inspect takes no option 'compositee'.*composite, /],
  ["compile", () => lit.compile({ laers: ["y"] } as never), /compile takes no option 'laers'.*layers/],
  ["explain", () => lit.explain(x, { sed: "one" } as never), /explain takes no option 'sed'.*seed.*references, groups/],
  ["a method of many passes", () => lit.explain(x, { method: "rise", param: {} } as never), /takes no option 'param'/],
  ["a method", () => lit.explain(x, { method: "deepshap" }), /method "deepshap" is not known: one of lrp, .*deep-shap, /],
  ["load", async () => load(lit.bytes, { runtime: await nodeRuntime(), dim: {} } as never), /load takes no option 'dim'.*dims/],
  [
    "a budget",
    async () => load(lit.bytes, { runtime: await nodeRuntime(), budgets: { node: 1 } as never }),
    /budgets takes no option 'node'.*nodes/,
  ],
  [
    "what is said of the model",
    async () => load(lit.bytes, { runtime: await nodeRuntime(), reading: { layuot: "NC" } as never }),
    /reading takes no option 'layuot'.*layout/,
  ],
  [
    "compile's recipe",
    async () => compile(model, { rulez: [] } as never, await nodeRuntime()),
    /a recipe takes no .*'rulez'.*rules/,
  ],
  ["compile's options", async () => compile(model, {}, await nodeRuntime(), { targt: 1 } as never), /'targt'.*target/],
  ["evaluate", () => evaluate([lit], { ...task, metrics: [] } as never), /evaluate takes no option 'metrics'.*settings/],
  [
    "a method of evaluate",
    () => evaluate([lit], { ...task, methods: [{ name: "a", options: { epsilon: 1 } as never }] }),
    /explain takes no option 'epsilon'/,
  ],
  [
    "a setting of evaluate",
    () => evaluate([lit], { ...task, settings: [{ metric: "srg", param: {} } as never] }),
    /setting of srg takes no option 'param'.*params/,
  ],
  ["tune", () => tune([lit], { ...task, methods: undefined, budgets: 3 } as never), /tune takes no option 'budgets'.*budget/],
  [
    "what recipes share",
    () => tune([lit], { ...task, methods: undefined, shared: { params: { gamma: 1 } } } as never),
    /'gamma'/,
  ],
  ["judgeOf", () => judgeOf(lit, x, { targte: 1 } as never), /judgeOf takes no option 'targte'.*targets/],
  ["a recipe of its own", () => lit.explain(x, { recipe: { rules: [] } } as never), /takes no recipe .*fields as options/],
  ["compareRuns", () => compareRuns({} as never, {} as never, { method: [] } as never), /'method'.*methods/],
];

describe("an option that there is not is refused with those that there are", () => {
  test.each(misspelt)("%s", async (_, call, message) => {
    const error = await Promise.resolve()
      .then(call)
      .then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
    expect(error).toMatchObject({ _tag: "BadRecipe", message: expect.stringMatching(message) });
  });

  test("what is undefined is absent", async () => {
    expect((await lit.explain(x, { sed: undefined } as never)).relevance.dims).toEqual([1, 3]);
  });

  test("options of explain may be handed to inspect", () => {
    expect(lit.inspect({ random: 1, batch: 2 } as never).plan.start).toBe("y");
  });
});

describe("what a recipe file has besides is ignored with a notice", () => {
  const file = { recipe: 1, composite: "epsilon", colour: "red", what: "a note", params: { eps: 1, beta: 10 } } as never;
  const ignored = ["ignored in the recipe: colour", "ignored in the recipe: params.eps"];

  test("in explain, inspect and compile", async () => {
    expect((await lit.explain(x, file)).notices).toEqual(expect.arrayContaining(ignored));
    expect(lit.inspect(file).notices).toEqual(expect.arrayContaining(ignored));
    expect((await lit.compile(file)).notices).toEqual(expect.arrayContaining(ignored));
    expect((await compile(model, file, await nodeRuntime())).notices).toEqual(expect.arrayContaining(ignored));
  });

  test("parameters of methods of many passes", async () => {
    const method = "integrated-gradients";
    const { notices, recipe } = await lit.explain(x, { recipe: 1, method, params: { steps: 8, stepz: 9 } });
    expect(notices).toContain("ignored in the recipe: params.stepz");
    expect(recipe.params).toMatchObject({ steps: 8 });
    await expect(lit.explain(x, { method, params: { stepz: 9 } })).rejects.toThrow(/no parameter 'stepz'.*steps/);
  });
});

test.each<[string, object, RegExp]>([
  ["of auto's choice", { params: { gamma: 0.1 } }, /'epsilon' has no parameter 'gamma' \(taken by auto\): it has epsilon, batch/],
  ["of a composite", { composite: "zplus", params: { epsilon: 1 } }, /'zplus' has no parameter 'epsilon'/],
  ["beside its name", { composite: { name: "gamma", params: { batchnorm: "pass" } } }, /'gamma' has no parameter 'batchnorm'/],
  ["of rules", { rules: [{ match: {}, rule: { name: "epsilon" } }], params: { beta: 1 } }, /'lrp' has no parameter 'beta'/],
  ["of a gradient", { method: "gradient", params: { steps: 1 } }, /'gradient' has no parameter 'steps'/],
  ["references", { method: "gradient", references: x }, /'gradient' does not read references.*deep-shap/],
  ["groups", { method: "integrated-gradients", groups: x }, /'integrated-gradients' does not read groups.*kernel-shap/],
])("a parameter that nothing reads: %s", async (_, options, message) => {
  await expect(lit.explain(x, options)).rejects.toThrow(message);
});

test("an ε of attention's products and sums is no way to split a product", async () => {
  const attn = { method: "attnlrp", params: { product: 1e-6, add: 1e-7, linear: 1e-5 } };
  expect(lit.inspect(attn).plan.recipe.params.product).toBe("auto");
});
