/** What `auto` takes on tables: references, a mean, the model's own scaler, else relevance; and what it leaves to relevance. */
import { describe, expect, test } from "vitest";
import { expectClose, sum } from "../../test/support/compare.ts";
import { loadText } from "../../test/support/load.ts";
import { floats, noise, numbers, runModel } from "../../test/support/run.ts";
import { methodCards } from "../methods/cards.ts";
import type { LoadOptions } from "./types.ts";

const MEANS = [1, -2, 0.5, 4];
const NET = "q = MatMul(s, w) h = Add(q, b) r = Relu(h) y = MatMul(r, v)";
const WEIGHTS = `float[4,6] w = random(1), float[6,3] v = random(2), float[6] b = random(3), float[4] m = {${MEANS}}, float[4] n = {${MEANS.map((v) => 0 - v)}}, float[4] d = {2, 3, 0.5, 4}`;
const table = (scaler: string): string =>
  `<ir_version: 8, opset_import: ["" : 17, "ai.onnx.ml" : 1]> net (float[N,4] x) => (float[N,3] y) <${WEIGHTS}> { ${scaler} ${NET} }`;
const SCALED = table("c = Sub(x, m) s = Div(c, d)");
const BARE = table("s = Identity(x)");

const x = noise([5, 4], 7, 6);
const at = async (text: string, value: typeof x) => numbers((await runModel(text, { x: value })).y);

const explained = async (
  text: string,
  asked: Parameters<Awaited<ReturnType<typeof loadText>>["explain"]>[1] = {},
  load: Partial<LoadOptions> = {},
) => {
  await using lit = await loadText(text, load);
  return await lit.explain({ x }, asked);
};

describe("the means of the model's own scaler", () => {
  test.each([
    ["less and divided", "c = Sub(x, m) s = Div(c, d)"],
    ["less and times", "c = Sub(x, m) s = Mul(d, c)"],
    ["plus and times", "c = Add(n, x) s = Mul(c, d)"],
    ["less alone", "s = Sub(x, m)"],
    [
      "scikit-learn's",
      `s = ai.onnx.ml.Scaler <offset = [${MEANS.map((v) => v.toFixed(1)).join(", ")}], scale = [2.0, 3.0, 0.5, 4.0]> (x)`,
    ],
    ["behind what changes no number", "a = Identity(x) f = Flatten(a) c = Sub(f, m) s = Div(c, d)"],
    ["where missing values are filled in", "e = IsNaN(x) f = Where(e, d, x) c = Sub(f, m) s = Div(c, d)"],
    ["a batch norm's", "s = BatchNormalization(x, d, n, m, d)"],
  ])("%s", async (_, scaler) => {
    const { recipe, relevance, difference, target } = await explained(table(scaler));
    expect(recipe).toMatchObject({ method: "deeplift", seed: "logit", params: { baseline: MEANS } });
    const there = await at(table(scaler), floats([1, 4], MEANS));
    const here = await at(table(scaler), x);
    const want = target.map(([t], n) => here[n * 3 + t!]! - there[t!]!);
    expectClose(
      want.map((_, n) => sum(relevance.data.subarray(4 * n, 4 * n + 4))),
      want,
      1e-5,
    );
    expectClose(
      difference!.map((one) => one.score - one.reference),
      want,
      1e-5,
    );
    expectClose(
      difference!.map(({ reference }) => reference),
      target.map(([t]) => there[t!]!),
      1e-5,
    );
  });

  test.each([
    ["none", "s = Identity(x)"],
    ["a scale before its shift, as one to the range of each column", "c = Mul(x, d) s = Add(c, n)"],
    ["an addend alone", "s = Add(x, n)"],
    ["a number less the input", "c = Sub(m, x) s = Div(c, d)"],
    ["of an input that something else reads too", "c = Sub(x, m) e = Div(c, d) s = Add(e, x)"],
  ])("not known: %s", async (_, scaler) => {
    const { recipe, notices } = await explained(table(scaler));
    expect(recipe).toMatchObject({ method: "lrp", composite: "epsilon" });
    expect(notices.join()).toMatch(/nothing says what a usual row is.*--references.*--mean/);
  });
});

test("a mean that is given comes before the scaler's; one number is every column's", async () => {
  const own = [3, 3, -1, 0];
  const given = await explained(SCALED, {}, { reading: { mean: own } });
  expect(given.recipe).toMatchObject({ method: "deeplift", params: { baseline: own } });
  expect((await explained(BARE, {}, { reading: { mean: 2 } })).recipe).toMatchObject({ params: { baseline: 2 } });
  await expect(explained(BARE, {}, { reading: { mean: [1, 2] } })).rejects.toThrow(/2 numbers.*its rows have 4/);
});

test("references: DeepSHAP, complete to the mean of their scores", async () => {
  const references = noise([9, 4], 3, 6);
  const { recipe, relevance, difference, target } = await explained(SCALED, { references });
  expect(recipe.method).toBe("deep-shap");
  const [here, there] = [await at(SCALED, x), await at(SCALED, references)];
  for (const [n, [t]] of target.entries()) {
    const mean = sum(Array.from({ length: 9 }, (_, m) => there[m * 3 + t!]!)) / 9;
    expect(difference![n]!.score).toBeCloseTo(here[n * 3 + t!]!, 4);
    expect(difference![n]!.reference).toBeCloseTo(mean, 4);
    expect(sum(relevance.data.subarray(4 * n, 4 * n + 4))).toBeCloseTo(here[n * 3 + t!]! - mean, 4);
  }
});

test("one reference is DeepLIFT from it, for A minus B too", async () => {
  const one = await explained(SCALED, { references: floats([1, 4], MEANS), target: "2 minus 0" });
  const own = await explained(SCALED, { target: "2 minus 0" });
  expect([one.recipe.method, own.recipe.method]).toEqual(["deep-shap", "deeplift"]);
  expectClose(numbers(own.relevance), numbers(one.relevance), 1e-5);
  expectClose(
    own.difference!.map(({ score }) => score),
    one.difference!.map(({ score }) => score),
    1e-5,
  );
});

test("several classes have a difference each", async () => {
  const { difference, relevance } = await explained(SCALED, { target: "top:3" });
  expect(difference).toHaveLength(15);
  for (const [k, { score, reference }] of difference!.entries())
    expect(sum(relevance.data.subarray(4 * k, 4 * k + 4))).toBeCloseTo(score - reference, 4);
});

test.each([
  ["a ledger", { ledger: true }],
  ["a ledger that must add up", { strict: true }],
  ["an inner value", { layers: ["h"] }],
])("%s keeps relevance, and says what it takes its place of", async (_, asked) => {
  const { recipe, notices } = await explained(SCALED, asked);
  expect(recipe).toMatchObject({ method: "lrp", composite: "epsilon" });
  expect(notices.join()).toMatch(/goes with relevance: without it auto takes the difference from/);
});

test.each([
  ["a composite", { composite: "auto" }],
  ["a recipe file", { recipe: 1 as const }],
  ["its method", { method: "lrp" }],
  ["rules", { rules: [] }],
  ["a seed of relevance", { seed: "log-odds" as const }],
  ["a rule's parameter", { params: { epsilon: 1e-3 } }],
])("%s that is chosen stays", async (_, asked) => {
  const { recipe } = await explained(SCALED, asked);
  expect(recipe.method).toBe("lrp");
});

test("compile takes relevance, inspect what explain does", async () => {
  await using lit = await loadText(SCALED);
  expect((await lit.compile()).plan.recipe.method).toBe("lrp");
  const { plan, notices } = lit.inspect();
  expect(plan.recipe).toMatchObject({ method: "deeplift", params: { baseline: MEANS } });
  expect(notices.join()).toContain("auto took deeplift");
});

test.each([
  [
    "convolutions",
    "net (float[N,4,9] x) => (float[N,4,7] y) <float[4,4,3] w = random(1), float[1,1,1] m = {2}> { s = Sub(x, m) y = Conv(s, w) }",
  ],
  [
    "pictures",
    "net (float[N,1,8,8] x) => (float[N,3] y) <float[64,3] w = random(1), float[1] m = {2}> { s = Sub(x, m) f = Flatten(s) y = MatMul(f, w) }",
  ],
])("%s have rules of their own", async (_, text) => {
  await using lit = await loadText(text);
  expect(lit.automatic({}).choices).toEqual({});
});

test("the artefact holds a baseline of one number a column, and refuses one that does not fit", async () => {
  await using lit = await loadText(BARE);
  const { plan } = await lit.compile({ method: "deeplift", params: { baseline: MEANS } });
  expect(plan.recipe.params.baseline).toEqual(MEANS);
  await expect(lit.compile({ method: "deeplift", params: { baseline: [1, 2] } })).rejects.toThrow(
    /reference of 2 numbers.*rows have 4/,
  );
});

test("cards say what is explained", () => {
  for (const name of ["deeplift", "deep-shap"])
    expect(methodCards.find((card) => card.name === name)!.what).toMatch(/^the difference from (a )?reference/);
  expect(methodCards.find((card) => card.name === "deeplift")!.assumes).toContain(
    "on attention its maps are at the level of random ones",
  );
});
