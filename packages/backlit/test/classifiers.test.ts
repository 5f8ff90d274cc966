/** Exported classifiers: the per cents printed are the library's own predict_proba; where it has none, there are none. */
import { readFileSync, writeFileSync } from "node:fs";
import { type Explainer, load, scoringOf, type Tensor, writeNpy } from "@backlit/core";
import { type RankedClass, topClasses } from "@backlit/workbench";
import { describe, expect, test } from "vitest";
import { nodeRuntime } from "../src/host/runtime/node.ts";
import { at, backlit, root } from "./cli.ts";

interface Expected {
  readonly rows: readonly (readonly number[])[];
  readonly values: Readonly<
    Record<string, { readonly predict_proba?: readonly number[][]; readonly decision_function?: readonly number[] }>
  >;
}

const folder = root("packages/backlit/test/data/scikit-learn");
const { rows, values }: Expected = JSON.parse(readFileSync(`${folder}/expected.json`, "utf8"));

const open = async (name: string): Promise<Explainer> =>
  load(new Uint8Array(readFileSync(`${folder}/${name}.onnx`)), { runtime: await nodeRuntime() });

const rowsOf = (name: string): Tensor =>
  name === "one-hot"
    ? { type: "int64", dims: [3, 4], data: BigInt64Array.from(rows.flat(), (value) => BigInt(Math.floor(value))) }
    : { type: "float32", dims: [3, 4], data: Float32Array.from(rows.flat()) };

/** As they are printed, for each row. */
const ranked = async (name: string): Promise<readonly (readonly RankedClass[])[]> => {
  await using lit = await open(name);
  const { plan } = lit.inspect({ method: "gradient", onUnsupported: "detach" });
  const { output } = await lit.explain(rowsOf(name), { method: "occlusion" });
  expect(plan.samples.independent).toBe(true);
  const options = { reading: plan.reading, scoring: scoringOf(plan), samples: rows.length };
  return rows.map((_, n) => topClasses(output, n, options));
};

const having = (key: keyof Expected["values"][string]) => Object.keys(values).filter((name) => values[name]![key] !== undefined);

describe("classifiers", () => {
  test.each(having("predict_proba"))("%s: per cents are its own probabilities", async (name) => {
    const proba = values[name]!.predict_proba!;
    for (const [n, top] of (await ranked(name)).entries()) {
      expect(top).toHaveLength(proba[n]!.length);
      for (const { index, probability } of top) expect(Math.abs(probability! - proba[n]![Number(index)]!)).toBeLessThan(1e-5);
    }
  });
  test.each(["margins", "votes"])("%s: no per cents", async (name) => {
    for (const top of await ranked(name))
      expect(top.map(({ probability }) => probability)).toEqual([undefined, undefined, undefined]);
  });
  test("boosted trees that only vote are refused, and not explained at their votes", async () => {
    for (const name of ["adaboost", "neighbours"]) {
      await using lit = await open(name);
      await expect(lit.explain(rowsOf(name))).rejects.toMatchObject({ _tag: "Unsupported", message: /--method shapley/ });
      const { relevance } = await lit.explain(rowsOf(name), { method: "shapley" });
      expect(relevance.dims).toEqual([3, 4]);
      expect(relevance.data.some((value) => value !== 0)).toBe(true);
    }
  });
});

describe("naive Bayes and discriminants", () => {
  test.each(["gaussian-bayes", "gaussian-bayes-2", "multinomial-bayes", "quadratic-discriminants"])(
    "%s: the default explains the log-odds, for and against",
    async (name) => {
      await using lit = await open(name);
      const { relevance, recipe, notices } = await lit.explain(rowsOf(name));
      expect(recipe).toMatchObject({ seed: "log-odds" });
      expect(notices.join()).toContain("the model compares log-likelihoods");
      expect(relevance.data.some((value) => value > 0)).toBe(true);
      // A class's own log-likelihood is only ever taken from.
      const { data } = (await lit.explain(rowsOf(name), { seed: "logit" })).relevance;
      for (let n = 0; n < rows.length; n++) expect(data.subarray(4 * n, 4 * n + 4).reduce((a, b) => a + b, 0)).toBeLessThan(0);
    },
  );
  test("what tells classes apart by itself keeps its logit", async () => {
    for (const name of ["linear-discriminants", "logistic", "perceptron"]) {
      await using lit = await open(name);
      expect(lit.inspect().plan.recipe.seed).toBe("logit");
    }
  });
});

describe("outliers", () => {
  test.each(having("decision_function"))("%s: larger is more unusual", async (name) => {
    const decisions = values[name]!.decision_function!;
    for (const [n, top] of (await ranked(name)).entries()) {
      expect(top).toEqual([{ index: 0, label: "-scores", whole: true, value: expect.closeTo(-decisions[n]!, 5) }]);
    }
  });
  test.each(having("decision_function"))("%s: what makes a row unusual is positive", async (name) => {
    await using lit = await open(name);
    const zeros: Tensor = { type: "float32", dims: [1, 4], data: new Float32Array(4) };
    const { output } = await lit.explain(zeros, { method: "occlusion" });
    const { relevance } = await lit.explain(rowsOf(name), { method: "shapley", params: { baseline: "zero" } });
    values[name]!.decision_function!.forEach((decision, n) => {
      const sum = relevance.data.subarray(4 * n, 4 * n + 4).reduce((a, b) => a + b, 0);
      expect(sum).toBeCloseTo(Number(output.data[0]) - decision, 4);
    });
  });
  test("the first line says so, and names no class", async () => {
    writeFileSync(at("rows.npy"), writeNpy(rowsOf("one-class-svm")));
    const { out, err, code } = await backlit("explain", `${folder}/one-class-svm.onnx`, at("rows.npy"));
    expect(code).toBe(0);
    expect(err.split("\n")[0]).toBe(
      "note: output 'scores': outlier score (another output is -1, outside, where it is small); explained is -scores: larger is more unusual",
    );
    expect(out).toMatch(/^ {2}-scores +0\.02896 +◂ explained$/m);
    expect(out + err).not.toMatch(/\bclass \d|classes/);
  });
});

describe("evaluate", () => {
  const judged = (name: string, ...more: string[]) => {
    writeFileSync(at("judged.npy"), writeNpy(rowsOf(name)));
    return backlit("evaluate", `${folder}/${name}.onnx`, at("judged.npy"), "--methods", "occlusion", "--workers", "1", ...more);
  };
  test.each(["margins", "votes", "one-class-svm"])("%s: no probability is made up", async (name) => {
    const asked = await judged(name, "--score", "probability");
    expect(asked).toMatchObject({ code: 2, out: "" });
    expect(asked.err).toMatch(/score probability \(output '\w+'\): it holds (scores|outlier-score): .*take the score logit/);
    const { code, out } = await judged(name);
    expect([code, out]).toEqual([0, expect.stringContaining("srg by logit")]);
  });
  test("a classifier's own probability is the usual score", async () => {
    expect((await judged("forest")).out).toContain("srg by probability");
  });
});
