import { describe, expect, test } from "vitest";
import { model, traced } from "../../test/support/run.ts";
import { Facts } from "../graph/facts.ts";
import { graphOf } from "../graph/graph.ts";
import { type Feature, featuresOf } from "./features.ts";

const named = ({ input, column, category, nGram, encoded }: Feature): string =>
  nGram?.text ?? `${input}[${column}]${category === undefined ? "" : `=${category}`}${encoded ? "*" : ""}`;

const namesOf = async (text: string, ...values: string[]) => {
  const m = model(`<ir_version: 8, opset_import: ["" : 17, "ai.onnx.ml" : 2, "com.microsoft" : 1]> ${text}`);
  const graph = graphOf(m);
  const found = featuresOf(graph, new Facts(graph, await traced(m)), values);
  return values.map((value) => found[value]?.map(named));
};

describe("n-grams", () => {
  test("words of one and two, counted where the node says", async () => {
    const text = `net (string[N,1] x) => (float[N,5] y) <int64[1] flat = {-1}> { f = Reshape(x, flat) n = StringNormalizer <case_change_action="LOWER", locale="C"> (f)
      t = com.microsoft.Tokenizer <mark=0, mincharnum=1, pad_value="#", tokenexp="[a-z]+"> (n)
      y = TfIdfVectorizer <mode="TF", min_gram_length=1, max_gram_length=2, max_skip_count=0, ngram_counts=[0,3], ngram_indexes=[0,2,4,1,3], pool_strings=["bad","film","not","bad","film","not","bad"]> (t) }`;
    expect(await namesOf(text, "y")).toEqual([["bad", "bad film", "film", "not bad", "not"]]);
  });
  test("characters", async () => {
    const text = `net (string[N] x) => (float[N,2] y) { t = com.microsoft.Tokenizer <mark=0, mincharnum=1, pad_value="#", tokenexp="."> (x)
      y = TfIdfVectorizer <mode="TF", min_gram_length=2, max_gram_length=2, max_skip_count=0, ngram_counts=[0,0], ngram_indexes=[0,1], pool_strings=[" ","a","a","b"]> (t) }`;
    expect(await namesOf(text, "y")).toEqual([[" a", "ab"]]);
  });
});

describe("columns", () => {
  test("one-hots of picked columns, one category dropped, beside codes and vectors", async () => {
    const text = `net (string[N,2] s, int64[N,1] k) => (float[N,4] hot, float[N,2] codes, float[N,1,2] rows) <int64[1] at0 = {0}, int64[1] at1 = {1}, int64[1] keep = {1}, int64[2] flat = {-1,2}, float[3,2] table = random(1)> {
      a = Gather <axis=1> (s, at0) b = Gather <axis=1> (s, at1)
      ah = ai.onnx.ml.OneHotEncoder <cats_strings=["x","y","z"], zeros=1> (a) bh = ai.onnx.ml.OneHotEncoder <cats_strings=["m","n"], zeros=1> (b)
      bk = Gather <axis=-1> (bh, keep) hot = Concat <axis=-1> (ah, bk)
      ae = ai.onnx.ml.LabelEncoder <keys_strings=["x","y"], values_int64s=[0,1]> (a) be = ai.onnx.ml.LabelEncoder <keys_strings=["m","n"], values_int64s=[0,1]> (b)
      ce = Concat <axis=1> (ae, be) codes = Cast <to=1> (ce) rows = Gather(table, k) }`;
    expect(await namesOf(text, "hot", "codes", "rows")).toEqual([
      ["s[0]=x", "s[0]=y", "s[0]=z", "s[1]=n"],
      ["s[0]*", "s[1]*"],
      ["k[0]*", "k[0]*"],
    ]);
  });
  test("nothing is named where places are mixed", async () => {
    const text = "net (int64[N,2,3] k) => (float[N,3,2] y) { t = Transpose <perm=[0,2,1]> (k) y = Cast <to=1> (t) }";
    expect(await namesOf(text, "y")).toEqual([undefined]);
  });
});
