/** Texts and categories as inputs: fed from the command line and from tables, explained by n-gram and by category. */
import { readFileSync, writeFileSync } from "node:fs";
import { encodeModelBytes, parseModel } from "@backlit/core";
import { describe, expect, test } from "vitest";
import { at, backlit } from "./cli.ts";

const save = (name: string, text: string) =>
  writeFileSync(
    at(name),
    encodeModelBytes(parseModel(`<ir_version: 8, opset_import: ["" : 17, "ai.onnx.ml" : 2, "com.microsoft" : 1]> ${text}`)),
  );
const json = async (...argv: string[]) => {
  const { code, out, err } = await backlit(...argv, "--json");
  expect([code, err.replace(/^note: .*\n/gm, "")]).toEqual([0, ""]);
  return JSON.parse(out);
};
type Feature = { readonly name: string; readonly given: string | null; readonly relevance: number };
const named = (features: readonly Feature[]) =>
  Object.fromEntries(features.map(({ name, relevance }) => [name, Math.round(relevance * 1e4) / 1e4]));

/** Counts of good, bad, not bad, film; scores of two classes. */
const count = (input: string, locale: string, tokens: string, y = "counts") => `
  flat = Reshape (${input}, line) low = StringNormalizer <case_change_action="LOWER", locale="${locale}"> (flat)
  ${tokens} = com.microsoft.Tokenizer <mark=0, mincharnum=1, pad_value="#", tokenexp="[a-z]+"> (low)
  ${y} = TfIdfVectorizer <mode="TF", min_gram_length=1, max_gram_length=2, max_skip_count=0, ngram_counts=[0,3], ngram_indexes=[0,1,3,2], pool_strings=["good","bad","film","not","bad"]> (${tokens})`;
const weights = "int64[1] line = {-1}, float[4,2] w = {-1, 1, 2, -2, -3, 3, 0.5, 0.5}";
save(
  "bag.onnx",
  `g (string[N,1] review) => (float[N,2] y) <${weights}> { ${count("review", "C", "words")} y = MatMul (counts, w) }`,
);
save(
  "flat.onnx",
  `g (string[N] input) => (float[N,2] y) <${weights}> { ${count("input", "xx_NOWHERE", "words")} y = MatMul (counts, w) }`,
);

const rows = `g (float[N,1] age, string[N,1] city, string[N,1] note) => (float[N,2] y)
  <${weights}, float[7,2] v = {1, 0, 2, 0, 0, 3, 1, 1, 0, 4, 5, 0, 0, 6}, int64[2] two = {-1, 2}> {
  hot = ai.onnx.ml.OneHotEncoder <cats_strings=["Oslo","Rome"], zeros=0> (city) cities = Reshape (hot, two)
  ${count("note", "C", "words")}
  row = Concat <axis=1> (age, cities, counts) y = MatMul (row, v) }`;
save("rows.onnx", rows);
writeFileSync(at("rows.csv"), 'age,city,note\n3,Rome,"good, good film"\n2,Oslo,not bad\n');

describe("a text", () => {
  test("from the command line, by n-gram; those that do not occur are left out", async () => {
    const text = "Not bad: a GOOD film, good!";
    const wanted = { good: 2, bad: -2, "not bad": 3, film: 0.5 };
    for (const method of ["gradient-x-input", "occlusion", "shapley"]) {
      const { explained, inputs } = await json("explain", at("bag.onnx"), text, "--method", method, "--target", "1");
      expect([explained, named(inputs[0].features)]).toEqual([["counts"], wanted]);
    }
    const { inputs } = await json("explain", at("bag.onnx"), "a bad film", "--target", "0");
    expect(inputs[0].features.map(({ name, given }: Feature) => [name, given])).toEqual([
      ["bad", "1"],
      ["film", "1"],
    ]);
    expect(inputs[0].absent).toEqual({ count: 2, relevance: 0 });
    const { out } = await backlit("explain", at("bag.onnx"), "a bad film", "--target", "0", "--report", at("bag.html"));
    expect(out).toMatch(/^ {2}bad +1 .*$/m);
    expect(out).toMatch(/2 n-grams or categories do not occur, Σ R 0/);
    expect(readFileSync(at("bag.html"), "utf8")).toMatch(/>bad</);
  });

  test("several, from a file, from a table, from standard input; a locale that is not there is another one", async () => {
    writeFileSync(at("one.txt"), "good\n");
    writeFileSync(at("texts.csv"), "id,text\n1,bad film\n2,good\n");
    const { inputs } = await json("explain", at("flat.onnx"), "not bad", at("one.txt"), at("texts.csv"), "--target", "1");
    expect(inputs.map(({ features }: { features: Feature[] }) => features.map(({ name }) => name))).toEqual([
      ["bad", "not bad"],
      ["good"],
      ["bad", "film"],
      ["good"],
    ]);
    const { err } = await backlit("explain", at("flat.onnx"), "good");
    expect(err).toMatch(/the locale xx_NOWHERE is not installed here/);
  });

  test("an empty one, a missing file and a table of unclear columns are errors", async () => {
    writeFileSync(at("unclear.csv"), "a,b\nx,y\n");
    for (const [argument, said] of [
      ["  ", /the text is empty/],
      ["missing.txt", /no such file/],
      [at("unclear.csv"), /not clear which column.*call it 'review'/],
    ] as const) {
      const { code, err } = await backlit("explain", at("bag.onnx"), argument);
      expect([code, err]).toEqual([1, expect.stringMatching(said)]);
    }
  });
});

describe("a table with texts and categories", () => {
  test("numbers, categories and n-grams are explained together, by their names", async () => {
    for (const method of ["gradient-x-input", "occlusion", "integrated-gradients"]) {
      const { inputs } = await json("explain", at("rows.onnx"), at("rows.csv"), "--method", method, "--target", "0");
      expect(inputs.map(({ features }: { features: Feature[] }) => named(features))).toEqual([
        { age: 3, "city=Rome": 0, good: 2, film: 0 },
        { age: 2, "city=Oslo": 2, bad: 0, "not bad": 5 },
      ]);
    }
  });
  test("rows are samples of their own, with books of their own", async () => {
    const { inputs } = await json("explain", at("rows.onnx"), at("rows.csv"), "--target", "0", "--method", "lrp");
    expect(inputs.map(({ row }: { row: number }) => row)).toEqual([0, 1]);
    expect(inputs.map(({ ledger }: { ledger: { wholeBatch?: true } }) => ledger.wholeBatch)).toEqual([undefined, undefined]);
  });
  test("one input after the other", async () => {
    writeFileSync(at("age.csv"), "age\n3\n");
    const given = ["--input", "note=good film", "--input", "city=Rome", "--input", `age=${at("age.csv")}`];
    const { inputs } = await json("explain", at("rows.onnx"), ...given, "--target", "1", "--method", "gradient-x-input");
    expect(named(inputs[0].features)).toEqual({ age: 0, "city=Rome": 3, good: 1, film: 6 });
  });
  test("a category the model does not know is the model's own error, not the tracing's", async () => {
    writeFileSync(at("unknown.csv"), "age,city,note\n3,Paris,good\n");
    const { code, err } = await backlit("explain", at("rows.onnx"), at("unknown.csv"));
    expect([code, err]).toEqual([1, expect.stringMatching(/Unknown Category/)]);
  });
  test("evaluate measures on the rows", async () => {
    writeFileSync(at("labelled.csv"), "text,label\ngood film,1\nbad film,0\nnot bad,1\n");
    const { code, out, err } = await backlit(
      "evaluate",
      at("bag.onnx"),
      at("labelled.csv"),
      "--methods",
      "gradient-x-input,occlusion",
    );
    expect([code, err.replace(/^note: .*\n/gm, "")]).toEqual([0, ""]);
    expect(out).toMatch(/occlusion/);
  });
});

test("an artefact is written and checked where a locale is not there", async () => {
  const { code, err } = await backlit("compile", at("flat.onnx"), "-o", at("flat-explained.onnx"));
  expect([code, err]).toEqual([0, expect.stringMatching(/the locale xx_NOWHERE is not installed here/)]);
});

test("inspect says what is explained and why, and shows the candidates where somebody has to choose", async () => {
  const { out } = await backlit("inspect", at("rows.onnx"));
  expect(out).toMatch(/^ {2}explained {2}hot: one-hot of city$/m);
  expect(out).toMatch(/^ {2}explained {2}counts: counts of 4 n-grams of note$/m);
  save(
    "two.onnx",
    "g (int64[N,T] a, int64[N,T] b) => (float[N,4] y) <float[9,4] t = random(1), float[9,4] u = random(2)> { e = Gather (t, a) f = Gather (u, b) s = Add (e, f) y = ReduceMean <axes=[1], keepdims=0> (s) }",
  );
  const two = await json("inspect", at("two.onnx"));
  expect(two.question).toMatch(/2 values may be explained/);
  expect(two.candidates.map(({ value }: { value: string }) => value)).toEqual(["e", "f"]);
  expect(two.nodes.length).toBeGreaterThan(0);
  save("none.onnx", "g (int64[N,2] a) => (float[N,2] y) <int64[1] one = {1}> { s = Add (a, one) y = Cast <to=1> (s) }");
  const none = await json("inspect", at("none.onnx"));
  expect([none.candidates, none.nodes, none.question]).toEqual([[], [], expect.stringMatching(/no float input to explain/)]);
});
