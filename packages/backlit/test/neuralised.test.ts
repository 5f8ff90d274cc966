/** Clusters, densities and kernel machines as networks: their relevance is that of the formulas in float64 (data/neuralised/make.py). */
import { readFileSync } from "node:fs";
import { type Explanation, evaluate, type FloatTensor, load, readTensor } from "@backlit/core";
import { describe, expect, test } from "vitest";
import { nodeRuntime } from "../src/host/runtime/node.ts";
import { root } from "./cli.ts";

const folder = root("packages/backlit/test/data/neuralised");
interface Value {
  readonly relevance: readonly number[];
  readonly score: number;
}
const { rows, values }: { rows: number[][]; values: Record<string, Value[]> } = JSON.parse(
  readFileSync(`${folder}/expected.json`, "utf8"),
);
const x: FloatTensor = { type: "float32", dims: [rows.length, 4], data: Float32Array.from(rows.flat()) };
const open = async (path: string) => load(new Uint8Array(readFileSync(path)), { runtime: await nodeRuntime() });

const closeTo = ({ relevance, details }: Explanation, wanted: readonly Value[]): void => {
  for (const [n, { relevance: values, score }] of wanted.entries()) {
    const largest = Math.max(...values.map(Math.abs));
    const got = Array.from(relevance.data.subarray(4 * n, 4 * n + 4));
    for (const [d, value] of values.entries()) expect(Math.abs(got[d]! - value)).toBeLessThan(1e-6 * largest);
    expect(Math.abs(details!.o![n]! - score)).toBeLessThan(1e-6 * Math.max(1, Math.abs(score)));
    expect(Math.abs(got.reduce((a, b) => a + b, 0) - score)).toBeLessThan(4e-6 * largest);
  }
};

const MODELS = [
  ["k-means", "k-means", {}],
  ["k-means-soft", "k-means", { params: { beta: 0.5 } }],
  ["one-class", "one-class", {}],
  ["rbf-svc", "rbf-svc", { target: 0 }], // the exporter puts f, positive for the second class, first
  ["density", "density", {}],
] as const;

describe("neuralised", () => {
  test.each(MODELS)("%s, with its books", async (name, file, asked) => {
    await using lit = await open(`${folder}/${file}.onnx`);
    const explanation = await lit.explain(x, { method: "neuralised", ...asked, strict: true });
    closeTo(explanation, values[name]!);
    for (const [n, { seed, arrived, rest, entries }] of explanation.ledger!.entries()) {
      const { score } = values[name]![n]!;
      expect(seed).toBeCloseTo(score, 5);
      expect(arrived).toBeCloseTo(score, 5);
      expect(Math.abs(rest)).toBeLessThan(1e-5 * Math.max(1, Math.abs(score)));
      expect(entries[0]!.in).toBeCloseTo(explanation.details!["f(x)"]![n]!, 5);
      expect(entries[0]!.rest).toBeCloseTo(0, 5);
    }
  });

  test.each(MODELS)("%s as an artefact, of any number of rows", async (name, file, asked) => {
    await using lit = await open(`${folder}/${file}.onnx`);
    const { chunks } = await lit.compile({ method: "neuralised", ...asked });
    await using session = await (await nodeRuntime()).createSession(new Uint8Array(Buffer.concat(chunks)));
    const [input] = session.inputNames;
    const run = (data: Float32Array) => session.run({ [input!]: { type: "float32", dims: [data.length / 4, 4], data } });
    const relevance = (await run(x.data as Float32Array)).relevance!.data as Float32Array;
    for (const [n, { relevance: wanted }] of values[name]!.entries())
      for (const [d, value] of wanted.entries())
        expect(Math.abs(relevance[4 * n + d]! - value)).toBeLessThan(1e-6 * Math.max(...wanted.map(Math.abs)));
    const alone = (await run((x.data as Float32Array).slice(4, 8))).relevance!.data as Float32Array;
    expect(Array.from(alone)).toEqual(Array.from(relevance.subarray(4, 8)));
  });

  test.each(["k-means", "one-class", "density"])("auto takes it for %s, with a ledger too, and in artefacts", async (file) => {
    await using lit = await open(`${folder}/${file}.onnx`);
    const { recipe, notices, relevance } = await lit.explain(x);
    expect(recipe.method).toBe("neuralised");
    expect(notices.join()).toMatch(/auto took neuralised/);
    const { recipe: kept, ledger } = await lit.explain(x, { ledger: true });
    expect([kept.method, ledger!.length]).toEqual(["neuralised", 4]);
    expect((await lit.compile()).plan.recipe.method).toBe("neuralised");
    const other = await lit.explain(x, { references: x });
    expect(other.recipe.method).toBe("deep-shap");
    expect(relevance.data).not.toEqual(other.relevance.data);
  });

  test("auto leaves a classifier's kernels for and against alone", async () => {
    await using lit = await open(`${folder}/rbf-svc.onnx`);
    expect((await lit.explain(x)).recipe.method).not.toBe("neuralised");
  });

  test("a bias is named as lost, outside the seed", async () => {
    await using lit = await open(`${folder}/rbf-svc.onnx`);
    const { ledger } = await lit.explain(x, { method: "neuralised", target: 0, ledger: true });
    const biases = ledger!.map(({ entries }) => entries[0]!.causes.bias!);
    for (const bias of biases) expect(bias).toBeCloseTo(biases[0]!, 5);
    expect(Math.abs(biases[0]!)).toBeGreaterThan(1e-3);
    await using density = await open(`${folder}/density.onnx`);
    const { ledger: books } = await density.explain(x, { ledger: true });
    for (const { entries } of books!) expect(entries[0]!.causes.bias).toBeUndefined(); // of a logarithm the constant is none of the sum's
  });

  test("a row that is one of the points: what has no direction is no relevance of any column", async () => {
    await using lit = await open(`${folder}/density.onnx`);
    const point = lit.model.graph.initializer.find(({ name }) => name === "points")!;
    const row = new Float32Array(readTensor(point).data as Float32Array).slice(0, 4);
    const { relevance, ledger } = await lit.explain({ type: "float32", dims: [1, 4], data: row }, { strict: true });
    const { seed, arrived, lost } = ledger![0]!;
    expect(relevance.data.every(Number.isFinite)).toBe(true);
    expect(lost["no contribution"]! / seed).toBeGreaterThan(0.01);
    expect(arrived + lost["no contribution"]!).toBeCloseTo(seed, 5);
  });

  test("A minus B of two clusters is their own contest", async () => {
    await using lit = await open(`${folder}/k-means.onnx`);
    const by = (target: string) => lit.explain(x, { method: "neuralised", target });
    const [one, other] = [await by("0 minus 2"), await by("2 minus 0")];
    for (const [k, value] of one.relevance.data.entries()) expect(value).toBeCloseTo(-other.relevance.data[k]!, 5);
  });

  test("several clusters in one run are each what it is alone", async () => {
    await using lit = await open(`${folder}/k-means.onnx`);
    const both = await lit.explain(x, { target: { list: [0, 2] } });
    for (const [k, target] of [0, 2].entries()) {
      const { relevance, details } = await lit.explain(x, { target });
      for (let n = 0; n < 4; n++) {
        expect(both.relevance.data.subarray((2 * n + k) * 4, (2 * n + k) * 4 + 4)).toEqual(
          relevance.data.subarray(4 * n, 4 * n + 4),
        );
        expect(both.details!.o![2 * n + k]).toBe(details!.o![n]);
      }
    }
  });

  test("what has neither kernels nor centres is refused, and so is a layer", async () => {
    await using lit = await open(root("packages/backlit/test/data/scikit-learn/logistic.onnx"));
    const refused = { _tag: "Unsupported", message: /no distances from centres/ };
    await expect(lit.explain(x, { method: "neuralised" })).rejects.toMatchObject(refused);
    await using centres = await open(`${folder}/k-means.onnx`);
    const layered = centres.explain(x, { method: "neuralised", layers: [centres.model.graph.output[0]!.name] });
    await expect(layered).rejects.toMatchObject({ _tag: "BadRecipe", message: /nothing lies between/ });
  });
});

describe("flipped, the columns are in a better order than random ones", () => {
  // Rows between those that the models are tried on, one column of each moved.
  const count = 24;
  const made = Float32Array.from({ length: 4 * count }, (_, i) => {
    const [n, d] = [Math.floor(i / 4), i % 4];
    const mixed = (rows[n % 4]![d]! + rows[(n + 1 + (n % 3)) % 4]![d]!) / 2;
    return mixed + (n % 4 === d ? 1.5 * (n % 8 < 4 ? 1 : -1) : 0);
  });
  const data = { type: "float32" as const, dims: [count, 4], data: made };
  const methods = ["neuralised", "lrp"].map((name) => ({ name, options: { method: name } }));

  test.each([
    ["k-means", "top-1"],
    ["one-class", "logit"],
  ])("%s by %s", async (name, score) => {
    await using lit = await open(`${folder}/${name}.onnx`);
    const { tables } = await evaluate([lit], {
      ...{ model: name, randomDraws: 3, methods, references: x },
      settings: [{ metric: "srg", params: { unit: "feature", imputer: "references", score } }],
      data: {
        name: "moved",
        sha256: "",
        count,
        chunk: count,
        read: async () => ({ x: data, names: Array.from({ length: count }, (_, n) => `${n}`) }),
      },
    });
    const [own, lrp, random] = tables[0]!.values.map((all) => all.reduce<number>((sum, v) => sum + v!, 0) / count);
    expect(own! - random!).toBeGreaterThan(0.1);
    expect(own! - lrp!).toBeGreaterThan(0);
  });
});
