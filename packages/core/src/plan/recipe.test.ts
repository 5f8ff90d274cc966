import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { composites } from "../composites/index.ts";
import { canonicalJson, recipeHash, sha256 } from "./canonical.ts";
import { parseRecipe, resolve } from "./recipe.ts";
import type { Recipe } from "./recipe-fields.ts";

const ops = new Set(["Conv", "Gemm"]);
const resolved = (recipe: Recipe) => resolve(recipe, { ops, attention: false }).recipe;
const hash = (recipe: Recipe) => recipeHash(resolved(recipe));

describe("reading", () => {
  test("JSON or an object; a composite may be a name alone; null is nothing", () => {
    expect(parseRecipe('{"composite": "gamma", "recipe": 1, "rules": null}')).toEqual({
      recipe: { composite: "gamma", recipe: 1 },
      notices: [],
    });
    expect(resolved({ composite: "gamma" })).toEqual(resolved({ composite: { name: "gamma" } }));
    expect(parseRecipe({ method: "gradient" }).recipe).toEqual({ method: "gradient", recipe: 1 });
  });
  test("unknown fields are ignored with a notice, those of a conformance case without", () => {
    const { recipe, notices } = parseRecipe({
      id: "a",
      file: "b",
      tolerance: 1,
      targets: [1],
      method: "lrp",
      colour: "red",
      spead: 2,
    });
    expect(recipe).toEqual({ method: "lrp", recipe: 1 });
    expect(notices).toEqual(["ignored in the recipe: colour, spead"]);
  });
  test.each(["{", "[]", "3", "null", '{"recipe": 2}'])("%s is no recipe", (text) => {
    expect(() => parseRecipe(text)).toThrow(expect.objectContaining({ _tag: "BadRecipe" }));
  });
});

describe("values that are none", () => {
  const rule = (spec: object): Recipe => ({ rules: [{ match: {}, rule: spec as never }] });
  test.each<[string, Recipe]>([
    ["a method", { method: "magic" }],
    ["a composite", { composite: { name: "gama" } }],
    ["a composite's parameter", { composite: { name: "gamma", params: { alpha: 1 } } }],
    ["a parameter of the wrong type", { composite: { name: "gamma", params: { gamma: "big" } } }],
    ["a seed", { seed: "two" as never }],
    ["a score", { score: "loss" as never }],
    ["ties", { ties: "all" as never }],
    ["an activation", { activation: "skip" as never }],
    ["a stabiliser", { stabilizer: 0 }],
    ["batchnorm", { params: { batchnorm: "fold" } }],
    ["product", { params: { product: "third" } }],
    ["onUnsupported", { onUnsupported: "ignore" as never }],
    ["a gradient through an operator that has none", { onUnsupported: "gradient" as never }],
    ["a rule", rule({ name: "delta" })],
    ["a rule's parameter", rule({ name: "gamma", epsilon: 1 })],
    ["a negative γ", rule({ name: "gamma", gamma: -1 })],
    ["ε = 0", rule({ name: "epsilon", epsilon: 0 })],
    ["α − β ≠ 1", rule({ name: "alpha-beta", alpha: 2, beta: 2 })],
    ["an inverted box", rule({ name: "zbox", low: 1, high: 0 })],
    ["an inverted channel of a box", rule({ name: "zbox", low: [0, 2], high: [1, 1] })],
    ["a list where one number belongs", rule({ name: "gamma", gamma: [1, 2] })],
    ["no number at all", rule({ name: "gamma", gamma: Number.NaN })],
    ["zero_params", rule({ name: "gamma", zero_params: "weight" })],
    ["zero_params of a composite", { composite: { name: "gamma", params: { zero_params: "weights" } } }],
  ])("%s", (_, recipe) => {
    expect(() => resolved(recipe)).toThrow(expect.objectContaining({ _tag: "BadRecipe" }));
  });
});

describe("resolving", () => {
  test("fills in defaults", () => {
    expect(resolved({ composite: { name: "epsilon-plus" } })).toMatchObject({
      method: "lrp",
      seed: "one",
      score: "logit",
      ties: "first",
      onUnsupported: "error",
      params: { batchnorm: "merge", product: "auto" },
      rules: [{ rule: { name: "zplus" } }, { rule: { name: "epsilon", epsilon: 1e-6 } }],
    });
    expect(resolved({ method: "excitation-backprop" })).toMatchObject({
      method: "lrp",
      composite: "excitation-backprop",
      activation: "gradient",
    });
    expect(resolved({ method: "gradient" }).rules).toEqual([]);
    expect(resolved({ params: { output: "probability" } }).score).toBe("probability");
  });
  test("zero_params: the inner one wins", () => {
    const of = (recipe: Recipe) => resolved(recipe).rules.map(({ rule }) => rule.zero_params);
    expect(of({ composite: { name: "epsilon-plus", params: { zero_params: "bias" } } })).toEqual(["bias", "bias"]);
    expect(of({ composite: { name: "epsilon-plus" }, params: { zero_params: "bias" } })).toEqual(["bias", "bias"]);
    expect(
      of({
        rules: [
          { match: {}, rule: { name: "zplus", zero_params: "bias" } },
          { match: {}, rule: { name: "flat" } },
        ],
      }),
    ).toEqual(["bias", undefined]);
    expect(
      of({ params: { zero_params: "bias" }, rules: [{ match: {}, rule: { name: "zplus", zero_params: null as never } }] }),
    ).toEqual([undefined]);
  });
  test("parameters of the method reach the composite, its own ones win", () => {
    const of = (recipe: Recipe) => resolved(recipe).rules.find(({ rule }) => rule.name === "epsilon")?.rule.epsilon;
    expect(of({ composite: { name: "epsilon-plus" }, params: { epsilon: 0.5 } })).toBe(0.5);
    expect(of({ composite: { name: "epsilon-plus", params: { epsilon: 0.25 } }, params: { epsilon: 0.5 } })).toBe(0.25);
  });
  test("z^B without bounds takes the preprocessing's box and says so; its older meaning is written", () => {
    const zbox = (spec: object = {}): Recipe => ({ rules: [{ match: {}, rule: { name: "zbox", ...spec } }] });
    const box = { low: [-2.1179, -2], high: [2.5, 2.64] };
    const taken = resolve(zbox(), { ops, attention: false, box });
    expect(taken.recipe.rules[0]!.rule).toEqual({ name: "zbox", ...box });
    expect(taken.notices).toEqual([
      "zbox without low and high takes the preprocessing's box, from -2.118, -2 to 2.5, 2.64 (low: -1, high: 1 is the older meaning)",
    ]);
    const written = resolve(zbox({ low: -1, high: 1 }), { ops, attention: false, box });
    expect(written.recipe.rules[0]!.rule).toEqual({ name: "zbox", low: -1, high: 1 });
    expect(written.notices).toEqual([]);
    const none = resolve(zbox({ low: null }), { ops, attention: false });
    expect(none.recipe.rules[0]!.rule).toEqual({ name: "zbox", low: -1, high: 1 });
    expect(none.notices).toEqual([
      "zbox without low and high takes the box from -1 to 1: no preprocessing says what the input's is",
    ]);
    // A resolved recipe has its bounds, and replays without a word.
    expect(resolve(taken.recipe, { ops, attention: false }).recipe).toEqual(taken.recipe);
  });
  test("a resolved recipe resolves to itself", () => {
    for (const name of Object.keys(composites)) {
      const params = name === "epsilon-gamma-box" ? { low: 0, high: 1 } : {};
      const once = resolved({ composite: { name, params } });
      expect(resolved(parseRecipe(canonicalJson(once)).recipe)).toEqual(once);
    }
  });
});

describe("the hash", () => {
  test("is SHA-256", async () => {
    expect(await sha256("abc")).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  });
  test("counts what is resolved: not the order of keys, defaults, or the composite's name", async () => {
    const named = await hash({ composite: { name: "epsilon-plus" }, seed: "one" });
    expect(await hash({ seed: "one", composite: { params: { epsilon: 1e-6 }, name: "epsilon-plus" }, method: "lrp" })).toBe(
      named,
    );
    const spelled: Recipe = {
      rules: [
        { rule: { name: "zplus" }, match: { op: ["Conv", "ConvTranspose"] } },
        { match: { op: ["Gemm", "MatMul"] }, rule: { epsilon: 0.000001, name: "epsilon" } },
      ],
    };
    expect(await hash(spelled)).toBe(named);
    expect(await hash({ composite: { name: "epsilon-plus", params: { epsilon: 1e-5 } } })).not.toBe(named);
    expect(await hash({ composite: { name: "epsilon-plus" }, seed: "logit" })).not.toBe(named);
    expect(await hash({ ...spelled, rules: [...spelled.rules!].reverse() })).not.toBe(named);
  });
  test("a choice that came later leaves older recipes their hashes", async () => {
    expect(await hash({ composite: "epsilon-plus" })).toBe("7bee853503ae4d61424c264059688d6c73eabee8807bb2b63d64d83519127ace");
    expect(await hash({ composite: "gamma-depth" })).toBe("32c49e7f25a6cc68ecdd25cb4abe4ecfbf41c15c52fb5f75ecb9af3d1147a060");
    expect(await hash({ composite: "epsilon-plus", params: { batchnorm: "merge" } })).toBe(
      await hash({ composite: "epsilon-plus" }),
    );
    expect(await hash({ composite: "epsilon-plus", params: { batchnorm: "layer" } })).not.toBe(
      await hash({ composite: "epsilon-plus" }),
    );
  });
  test("every composite equals its spelled-out rules", async () => {
    for (const name of Object.keys(composites)) {
      const params = name === "epsilon-gamma-box" ? { low: 0, high: 1 } : {};
      const { composite: _, ...spelled } = resolved({ composite: { name, params } });
      expect(await hash(parseRecipe(JSON.stringify(spelled)).recipe), name).toBe(await hash({ composite: { name, params } }));
    }
  });
  test("canonical JSON does not depend on the order of keys", () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.oneof(fc.integer(), fc.array(fc.double({ noNaN: true })), fc.constant(undefined))),
        (value) => {
          const turned = Object.fromEntries(Object.entries(value).reverse());
          expect(canonicalJson(turned)).toBe(canonicalJson(value));
        },
      ),
    );
  });
});
