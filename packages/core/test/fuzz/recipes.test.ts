/** Any JSON as a recipe: it works, or one line says what is wrong with it. */

import fc from "fast-check";
import { expect, test } from "vitest";
import { nodeRuntime } from "../../../backlit/src/host/runtime/node.ts";
import { compileModel } from "../../src/compile/index.ts";
import { METHODS } from "../../src/compiled/index.ts";
import { composites } from "../../src/composites/index.ts";
import { isBacklitError } from "../../src/errors.ts";
import { prepare } from "../../src/lower/prepare.ts";
import { encodeModelBytes } from "../../src/onnx/encode.ts";
import { parseModel } from "../../src/onnx/parse-text.ts";
import { parseRecipe, type Recipe, recipeHash, resolve, SEEDS } from "../../src/plan/index.ts";
import { rules } from "../../src/rules/index.ts";
import { fuzz } from "./fuzz.ts";

const strange = fc.oneof(
  fc.constantFrom(
    null,
    true,
    false,
    0,
    -1,
    1e300,
    -0,
    1e-320,
    "",
    "x",
    "bias",
    "constructor",
    "__proto__",
    "*",
    "(",
    "[",
    "a*b?c\\",
  ),
  fc.constantFrom(
    [],
    {},
    [[]],
    [null],
    { name: null },
    { length: 3 },
    [1, "a"],
    { contrast: 1 },
    { contrast: "dog" },
    { contrast: {} },
  ),
  fc.jsonValue({ maxDepth: 2 }),
);
/** Mostly what belongs there. */
const rather = (...values: readonly unknown[]) =>
  fc.oneof({ weight: 4, arbitrary: fc.constantFrom<unknown>(...values) }, strange);
const optional = (model: Record<string, fc.Arbitrary<unknown>>) => fc.record(model, { requiredKeys: [] });

const ruleNames = [...Object.keys(rules), "toString"];
const number = rather(0, 1, 2, 0.25, 1e-6, -1);
const rule = fc.oneof(
  {
    weight: 6,
    arbitrary: optional({
      name: rather(...ruleNames),
      epsilon: number,
      gamma: number,
      alpha: number,
      beta: number,
      low: number,
      high: number,
      zero_params: rather("bias"),
    }),
  },
  strange,
);
const sparse = ruleNames.map((name) => ({ name }));
const match = fc.oneof(
  {
    weight: 6,
    arbitrary: optional({
      op: rather("Conv", "Gemm", ["Conv", "Gemm"]),
      kind: rather("linear", "activation"),
      name: rather("*", "h*", "z?", ["a", "b"]),
      first: rather(true, "convolution"),
      index: rather(0, [0, 1]),
      range: rather([0, 1], [1, 0]),
      mapAbove: rather(0.1),
      "every-first": rather(true),
    }),
  },
  strange,
);
const entries = fc.array(
  fc.oneof({ weight: 8, arbitrary: optional({ match, rule: fc.oneof(rule, fc.constantFrom(...sparse)) }) }, strange),
  { maxLength: 3 },
);
const params = optional({
  ...{
    epsilon: rather(1e-6, { linear: 1, product: 2, add: 3 }),
    zero_params: rather("bias"),
    batchnorm: rather("merge", "pass"),
    low: number,
    high: number,
  },
  ...{ gamma: number, beta: number, product: rather("uniform"), output: rather("probability") },
});
const recipe = fc.oneof(
  {
    weight: 12,
    arbitrary: optional({
      recipe: rather(1),
      method: rather(...METHODS),
      composite: fc.oneof(
        rather(...Object.keys(composites), "toString"),
        optional({ name: rather(...Object.keys(composites), "auto"), params: fc.oneof(params, strange) }),
      ),
      rules: fc.oneof(entries, strange),
      activation: rather("pass", "gradient"),
      stabilizer: number,
      seed: fc.oneof(rather(...SEEDS), optional({ contrast: rather(0, 1, 2, 99, -1, 0.5, "cat") })),
      score: rather("logit", "probability"),
      ties: rather("first"),
      explain: rather("x", "h", ["x"], ["x", "h"], ["x", "x"], "y", "w"),
      output: rather("y", "h", "z", "x", "w"),
      params: fc.oneof(params, strange),
      onUnsupported: rather("error", "gradient", "detach"),
      unknown: strange,
    }),
  },
  strange,
);
/** Fewer fields, so that some get through. */
const narrow = fc.tuple(recipe, fc.array(fc.nat(20), { maxLength: 4 })).map(([json, keys]) => {
  if (json === null || typeof json !== "object" || Array.isArray(json)) return json;
  const all = Object.entries(json);
  return Object.fromEntries(all.length === 0 ? [] : keys.map((k) => all[k % all.length]!));
});

const oneLine = (error: unknown): void => {
  if (!isBacklitError(error)) throw error;
  expect(["BadRecipe", "BadTarget", "BadModel", "Unsupported"], error.message).toContain(error._tag);
  expect(error.message).not.toContain("\n");
};

test("recipes of any kind", async () => {
  const runtime = await nodeRuntime();
  const text = `net (float[N,2,4,4] x) => (float[N,3] y) <float[4,2,3,3] w = random(1), float[4] b = random(2), float[4,3] v = random(3)> {
    z = Conv <pads=[1,1,1,1]> (x, w, b) h = Relu(z) p = GlobalAveragePool(h) f = Flatten(p) y = Gemm(f, v) }`;
  const prepared = await prepare(parseModel(text), runtime);
  let worked = 0;
  await fuzz(fc.oneof(narrow, recipe), 400, async (json) => {
    try {
      try {
        const read = parseRecipe(JSON.stringify(json) ?? "undefined");
        const compiled = compileModel(prepared, read.recipe);
        const again = resolve(compiled.plan.recipe as Recipe, { attention: false, convolutions: true } as never);
        expect(await recipeHash(again.recipe)).toBe(await recipeHash(compiled.plan.recipe));
        worked++;
        if (worked % 8 === 0) await (await runtime.createSession(encodeModelBytes(compiled.model), { threads: 1 })).release();
      } catch (error) {
        oneLine(error);
      }
    } catch (error) {
      (error as Error).message = `${JSON.stringify(json)}\n${(error as Error).message}`;
      throw error;
    }
  });
  expect(worked).toBeGreaterThan(20);
});
