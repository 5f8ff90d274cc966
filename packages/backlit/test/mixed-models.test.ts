/**
 * Votes, stacks and calibrated models of unlike members against rows of the data: what columns are given adds up to the difference that the
 * model's own outputs make, and is the exact Shapley value where everything behind the trees is a sum.
 */
import { readFileSync } from "node:fs";
import { decodeModel, load, type Tensor } from "@backlit/core";
import { describe, expect, test } from "vitest";
import { nodeRuntime } from "../src/host/runtime/node.ts";
import { at, backlit, root } from "./cli.ts";

const folder = root("packages/backlit/test/data/mixed");
const open = async (name: string) =>
  load(new Uint8Array(readFileSync(`${folder}/${name}.onnx`)), { runtime: await nodeRuntime() });
const read = (name: string): Tensor => {
  const rows = readFileSync(`${folder}/${name}.csv`, "utf8").trim().split("\n").slice(1);
  const numbers = rows.flatMap((row) => row.split(",").slice(0, 4).map(Number));
  return { type: "float32", dims: [rows.length, 4], data: Float32Array.from(numbers) };
};
const [x, references] = [read("rows"), read("background")];
const rowsOf = ({ dims, data }: Tensor) =>
  Array.from({ length: dims[0]! }, (_, n) => Array.from({ length: dims[1]! }, (_, k) => Number(data[n * dims[1]! + k])));
const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);

describe("classes", () => {
  test.each([
    ...["vote", "vote-2", "vote-bayes", "stack", "stack-2", "stack-past", "stack-forest"],
    ...["calibrated", "calibrated-forest", "calibrated-boosting"],
  ])("%s: Σ R is what the model's own probabilities say", async (name) => {
    await using lit = await open(name);
    const { relevance, recipe, notices } = await lit.explain(x, { references, target: "1 minus 0" });
    expect(recipe.method).toBe("deep-shap");
    expect(notices.join("\n")).toMatch(/auto took deep-shap/);
    const { link } = lit.outline({ output: "probabilities" }).plan.reading;
    // Of sigmoids of their own, A minus B is a difference of two logits.
    const logit = (p: number) => (link.kind === "sigmoid" ? Math.log(p / (1 - p)) : Math.log(p));
    const lead = ([a, b]: readonly number[]) => (link.votes ? b! - a! : logit(b!) - logit(a!));
    const at = async (rows: Tensor) => rowsOf(await lit.predict(rows, { output: "probabilities" })).map(lead);
    const [here, there] = [await at(x), await at(references)];
    for (const [n, values] of rowsOf(relevance).entries()) {
      const want = here[n]! - sum(there) / there.length;
      expect(Math.abs(sum(values) - want)).toBeLessThan(2e-4 * Math.max(1, ...values.map(Math.abs)));
    }
  });

  test("a vote by labels is refused, with what works: exact Shapley values of the votes", async () => {
    await using lit = await open("hard");
    await expect(lit.explain(x, { references })).rejects.toMatchObject({ _tag: "Unsupported", message: /--method shapley/ });
    const { output } = lit.outline().plan;
    const of = async (rows: Tensor) => rowsOf(await lit.predict(rows, { output })).map((row) => row[1]!);
    const [here, there] = [await of(x), await of(references)];
    const { relevance, spread } = await lit.explain(x, { references, method: "shapley", target: 1 });
    expect(spread).toBeUndefined(); // all 16 coalitions
    for (const [n, values] of rowsOf(relevance).entries())
      expect(sum(values)).toBeCloseTo(here[n]! - sum(there) / there.length, 5);
  });

  test("without references the row that is usual serves, where one is said; else the refusal asks for either", async () => {
    const bare = await open("vote");
    await expect(bare.explain(x)).rejects.toMatchObject({ _tag: "Unsupported", message: /--references FILE.*--mean/ });
    await bare.release();
    const path = `${folder}/vote.onnx`;
    const mean = [5.8, 3, 3.7, 1.2];
    await using lit = await load(new Uint8Array(readFileSync(path)), { runtime: await nodeRuntime(), reading: { mean } });
    const own = await lit.explain(x, { target: "1 minus 0" });
    expect(own.recipe.method).toBe("deeplift");
    expect(own.notices.join()).toMatch(/the mean given/);
    const one: Tensor = { type: "float32", dims: [1, 4], data: Float32Array.from(mean) };
    const want = await lit.explain(x, { target: "1 minus 0", references: one });
    for (const [k, value] of want.relevance.data.entries()) expect(own.relevance.data[k]!).toBeCloseTo(value, 5);
  });

  test.each(["isotonic", "isotonic-2"])("%s: a table that is looked up goes by its chord, and all adds up", async (name) => {
    const path = root(`packages/backlit/test/data/scikit-learn/${name}.onnx`);
    await using lit = await load(new Uint8Array(readFileSync(path)), { runtime: await nodeRuntime() });
    const { relevance, recipe } = await lit.explain(x, { references, target: 1 });
    expect(recipe.method).toBe("deep-shap");
    const of = async (rows: Tensor) => rowsOf(await lit.predict(rows, { output: "probabilities" })).map((row) => row[1]!);
    const [here, there] = [await of(x), await of(references)];
    for (const [n, values] of rowsOf(relevance).entries()) {
      expect(sum(values)).toBeCloseTo(here[n]! - sum(there) / there.length, 5);
      expect(values.filter((value) => value !== 0)).toHaveLength(4);
    }
  });

  test.each(["platt", "platt-2"])("%s: beside coupled probabilities, what each pair of classes decides", async (name) => {
    const path = root(`packages/backlit/test/data/scikit-learn/${name}.onnx`);
    await using lit = await load(new Uint8Array(readFileSync(path)), { runtime: await nodeRuntime() });
    const refused = await lit.explain(x).catch((error: Error) => error.message);
    const outputs = [...String(refused).matchAll(/--output '([^']+)'/g)].map(([, output]) => output!);
    expect(outputs.map((output) => output.split(":")[1])).toEqual(
      name === "platt" ? ["1-against-0", "2-against-0", "2-against-1"] : ["1-against-0"],
    );
    // libsvm's own: f = Σ α K + ρ speaks for the first of a pair.
    const { attribute } = decodeModel(new Uint8Array(readFileSync(path))).graph.node.find(
      ({ opType }) => opType === "SVMClassifier",
    )!;
    const floats = (of: string) => attribute.find((one) => one.name === of)!.floats!;
    const counts = attribute.find((one) => one.name === "vectors_per_class")!.ints!.map(Number);
    const classOf = counts.flatMap((n, c) => new Array<number>(n).fill(c));
    const [vectors, weights, gamma] = [floats("support_vectors"), floats("coefficients"), floats("kernel_params")[0]!];
    const kernel = (row: readonly number[], s: number) =>
      Math.exp(-gamma * sum(row.map((v, d) => (v - vectors[4 * s + d]!) ** 2)));
    const pairs = counts.flatMap((_, i) => counts.slice(i + 1).map((_, k) => [i, i + 1 + k] as const));
    for (const [p, [i, j]] of pairs.entries()) {
      const f = (row: readonly number[]) =>
        sum(
          classOf.map((c, s) => {
            const alpha = c === i ? weights[(j - 1) * classOf.length + s]! : c === j ? weights[i * classOf.length + s]! : 0;
            return alpha * kernel(row, s);
          }),
        ) + floats("rho")[p]!;
      const { output, relevance, recipe } = await lit.explain(x, { output: outputs[p]!, references });
      expect(recipe.method).toBe("deep-shap");
      const there = sum(rowsOf(references).map((row) => -f(row))) / references.dims[0]!;
      for (const [n, row] of rowsOf(x).entries()) {
        expect(output.data[n]!).toBeCloseTo(-f(row), 5);
        expect(sum(rowsOf(relevance)[n]!)).toBeCloseTo(-f(row) - there, 4);
      }
    }
    const { chunks } = await lit.compile({ method: "neuralised", output: outputs[0]! });
    await using session = await (await nodeRuntime()).createSession(new Uint8Array(Buffer.concat(chunks)));
    const { probabilities } = await session.run({ X: x }, ["probabilities"]);
    const { data } = await lit.predict(x, { output: "probabilities" });
    for (const [k, value] of (data as Float32Array).entries()) expect(Number(probabilities!.data[k])).toBeCloseTo(value, 6);
  });
});

describe("numbers", () => {
  test.each(["linear-stack", "number-vote", "number-stack"])("%s: exact Shapley values, by enumeration", async (name) => {
    await using lit = await open(name);
    const own = await lit.explain(x, { references });
    expect(own.recipe.method).toBe("deep-shap");
    const want = (await lit.explain(x, { references, method: "shapley", params: { baseline: "references" } })).relevance.data;
    const largest = Math.max(...Array.from(want, Math.abs));
    for (const [k, value] of want.entries()) expect(Math.abs(own.relevance.data[k]! - value)).toBeLessThan(2e-6 * largest);
  });
});

test("nearest neighbours: the refusal names Shapley values, which are exact as they stand", async () => {
  const path = root("packages/backlit/test/data/scikit-learn/neighbours.onnx");
  await using lit = await load(new Uint8Array(readFileSync(path)), { runtime: await nodeRuntime() });
  await expect(lit.explain(x)).rejects.toMatchObject({ _tag: "Unsupported", message: /--method shapley/ });
  const { relevance, spread } = await lit.explain(x, { method: "shapley", target: 1 });
  expect(spread).toBeUndefined();
  const { output } = lit.outline().plan;
  const of = async (rows: Tensor) => rowsOf(await lit.predict(rows, { output })).map((row) => row[1]!);
  /** The score of each row where the columns of `kept` are its own, all others 0. */
  const kept = (set: number) =>
    of({
      type: "float32",
      dims: x.dims,
      data: Float32Array.from(x.data as Float32Array, (v, k) => ((set >> (k % 4)) & 1 ? v : 0)),
    });
  const v = await Promise.all(Array.from({ length: 16 }, (_, set) => kept(set)));
  const weight = [1 / 4, 1 / 12, 1 / 12, 1 / 4]; // |S|! (3 − |S|)!/4!
  const size = (set: number) => [0, 1, 2, 3].filter((k) => (set >> k) & 1).length;
  for (const [n, values] of rowsOf(relevance).entries())
    for (const [i, value] of values.entries()) {
      let want = 0;
      for (let set = 0; set < 16; set++)
        if (!((set >> i) & 1)) want += weight[size(set)]! * (v[set | (1 << i)]![n]! - v[set]![n]!);
      expect(value).toBeCloseTo(want, 5);
    }
});

test.each(["forest", "gradient-boosting", "xgboost", "lightgbm"])("%s: through trees DeepLIFT is tree SHAP", async (name) => {
  const path = root(`packages/backlit/test/data/scikit-learn/${name}.onnx`);
  await using lit = await load(new Uint8Array(readFileSync(path)), { runtime: await nodeRuntime() });
  const want = (await lit.explain(x, { references, target: 1 })).relevance.data;
  const own = (await lit.explain(x, { references, target: 1, method: "deep-shap" })).relevance.data;
  const largest = Math.max(...Array.from(want, Math.abs));
  for (const [k, value] of want.entries()) expect(Math.abs(own[k]! - value)).toBeLessThan(1e-6 * largest);
});

describe("imputer, scaler and one-hot in front", () => {
  test.each(["columns-vote", "columns-stack"])("%s: relevance at the table's own columns, a category as one", async (name) => {
    const { code, out, err } = await backlit(
      ...["explain", `${folder}/${name}.onnx`, `${folder}/rows.csv`, "--references", `${folder}/background.csv`],
      ...["--target", "1", "--json", "--values", at(`${name}.csv`)],
    );
    expect(err).not.toMatch(/^backlit:/m);
    expect(code).toBe(0);
    const { inputs } = JSON.parse(out);
    for (const { features, arrived, completeness } of inputs) {
      expect(features.map((feature: { name: string }) => feature.name.split("=")[0])).toEqual(["a", "b", "c", "d", "colour"]);
      expect(Math.abs(arrived - completeness.difference)).toBeLessThan(1e-4);
    }
    // Over rows, too: one column, whatever category a row has.
    const lines = readFileSync(at(`${name}.csv`), "utf8")
      .trim()
      .split("\n")
      .slice(1);
    const cells = lines.map((line) => line.split(","));
    expect(cells.map((cell) => cell[2])).toEqual(inputs.flatMap(() => ["a", "b", "c", "d", "colour"]));
    const colours = readFileSync(`${folder}/rows.csv`, "utf8").trim().split("\n").slice(1);
    expect(cells.flatMap((cell) => (cell[2] === "colour" ? [cell[3]] : []))).toEqual(
      colours.map((line) => line.split(",").at(-1)),
    );
  });
});
