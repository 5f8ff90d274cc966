/** Completeness, non-sensitivity and sufficiency against the reference cases, and where the answer is known. */

import { describe, expect, test } from "vitest";
import { nodeRuntime } from "../../../../../backlit/src/host/runtime/node.ts";
import { expectScalars, openCase, rowsOf } from "../../../../test/support/metric-case.ts";
import { floats, model } from "../../../../test/support/run.ts";
import { load } from "../../../explain/index.ts";
import { encodeModelBytes } from "../../../onnx/index.ts";
import type { FloatTensor } from "../../../tensor/float.ts";
import { judgeOf, metrics } from "../../index.ts";

describe("completeness", () => {
  test.each(["digits-28", "shapes-32", "oracle-linear"])("is that of the reference: %s", async (name) => {
    await using at = await openCase(name);
    const entries = at.expected.filter(({ metric }) => metric === "completeness");
    expect(entries.length).toBeGreaterThan(0);
    for (const entry of entries) {
      const { scores } = await at.measure("completeness", {}, at.heatmap(entry.relevance));
      expectScalars(entry, (score) => scores[score]);
    }
  });

  test("takes a baseline and a score: integrated gradients add up to theirs", async () => {
    await using at = await openCase("digits-28");
    const { relevance } = await at.lit.explain(at.x, {
      method: "integrated-gradients",
      params: { baseline: "0.5", steps: 64 },
      score: "probability",
      target: at.targets,
    });
    const error = async (params: object) =>
      Math.max(...(await at.measure("completeness", { ...params }, relevance)).scores.completeness_error!);
    expect(await error({ baseline: "constant:0.5", score: "probability" })).toBeLessThan(0.02);
    expect(await error({ baseline: "zero", score: "probability" })).toBeGreaterThan(0.2);
    expect(await error({ baseline: "constant:0.5" })).toBeGreaterThan(1);
  });
});

describe("consistency", () => {
  const NET = `net (float[N,3] x) => (float[N,2] y) <float[3,4] w = {1, 1, -1, 2, 1, 3, 1, -1, 2, 1, 1, 1}, float[4,2] v = {1, -1, 2, 1, 1, 1, 1, -2}>
    { a = MatMul(x, w) h = Relu(a) y = MatMul(h, v) }`;
  const x = floats([2, 3], [1, 2, 0.5, 0.25, 1, 3]) as FloatTensor;
  test("Deep Taylor of a net without biases is; a map with less in it, or with a negative part, is not", async () => {
    await using lit = await load(encodeModelBytes(model(NET)), { runtime: await nodeRuntime() });
    const judge = await judgeOf(lit, x, { targets: [[0], [0]] });
    const measure = async (relevance: FloatTensor, params = {}) =>
      (await judge.measure(metrics.consistency!, params, { relevance })).scores;
    const own = await lit.explain(x, { composite: "deep-taylor", seed: "logit", target: 0 });
    const held = await measure(own.relevance);
    expect(Array.from(held.consistent!)).toEqual([1, 1]);
    expect(Math.max(...held.gap!)).toBeLessThan(1e-5);
    expect(Array.from(held.positivity!)).toEqual([1, 1]);
    const data = own.relevance.data.map((r, i) => (i % 3 === 0 ? r - own.relevance.data[i + 1]! : r));
    const broken = await measure({ ...own.relevance, data });
    expect(Array.from(broken.consistent!)).toEqual([0, 0]);
    for (const n of [0, 1]) {
      const [a, b, c] = own.relevance.data.subarray(n * 3, n * 3 + 3) as unknown as [number, number, number];
      expect(broken.gap![n]).toBeCloseTo(b / (a + b + c), 4);
      const size = Math.abs(a - b) + b + c;
      expect(broken.positivity![n]).toBeCloseTo((Math.max(0, a - b) + b + c) / size, 4);
    }
    expect(Array.from((await measure({ ...own.relevance, data }, { tolerance: 1 })).consistent!)).toEqual([1, 1]);
  });
});

describe("neighbour sufficiency", () => {
  test.each(["digits-28", "shapes-32"])("is that of the reference, distances included: %s", async (name) => {
    await using at = await openCase(name);
    for (const [id, map, distance] of [
      ["sufficiency-euclidean", "absolute", "euclidean"],
      ["sufficiency-seuclidean", "signed", "seuclidean"],
    ] as const) {
      const entry = at.expected.find((of) => of.id === id)!;
      const { threshold } = entry.params;
      const { scores, curves } = await at.measure(
        "neighbour-sufficiency",
        { map, distance, threshold },
        at.heatmap(entry.relevance),
      );
      expectScalars(entry, (score) => scores[score]);
      const { file, tolerance } = entry.curves!.distance!;
      const got = curves!.distance!.values.flatMap((row) => [...row]);
      Array.from(at.npy(file).data as ArrayLike<number>).forEach((want, i) => {
        expect(Math.abs(got[i]! - want)).toBeLessThanOrEqual(tolerance);
      });
    }
    expect(metrics["neighbour-sufficiency"]!.card.scope).toBe("set");
  });

  test("is undefined without neighbours", async () => {
    await using at = await openCase("digits-28");
    const { scores } = await at.measure("neighbour-sufficiency", { threshold: 0 }, at.heatmap("random"));
    for (const value of scores.sufficiency!) expect(value).toBeNaN();
  });
});

describe("non-sensitivity", () => {
  // Features 1 and 4 have no weight; feature 2 is zero already.
  const net = `net (float[N,5] x) => (float[N,2] y) <float[5,2] w = {1.0, 2.0, 0.0, 0.0, 3.0, 1.0, -1.0, 1.0, 0.0, 0.0}>
    { y = MatMul(x, w) }`;
  const x = floats([2, 5], [1, 1, 0, 1, 1, 2, 2, 0, 2, 2]) as FloatTensor;
  const maps = (...rows: number[][]): FloatTensor => floats([rows.length, 5], rows.flat()) as FloatTensor;

  test("counts units with relevance but no effect, and with effect but no relevance", async () => {
    await using lit = await load(encodeModelBytes(model(net)), { runtime: await nodeRuntime() });
    const judge = await judgeOf(lit, x, { targets: [[0], [0]] });
    const measure = async (relevance: FloatTensor, params = {}) =>
      (await judge.measure(metrics["non-sensitivity"]!, params, { relevance })).scores;
    const right = await measure(maps([1, 0, 0, -1, 0], [2, 0, 0, -2, 0]));
    for (const values of Object.values(right)) expect(Array.from(values)).toEqual([0, 0]);
    const wrong = await measure(maps([0, 1, 0, 0, 0], [1, 1, 1, 1, 1]));
    expect(Array.from(wrong.relevant_without_effect!)).toEqual([0.2, 0.6]);
    expect(Array.from(wrong.effect_without_relevance!)).toEqual([0.4, 0]);
    expect(wrong.non_sensitivity![0]).toBeCloseTo(0.6, 12);
    // Another stand-in: now feature 2 has an effect.
    const other = await measure(maps([1, 0, 0, -1, 0], [2, 0, 0, -2, 0]), { imputer: "constant:5" });
    expect(Array.from(other.effect_without_relevance!)).toEqual([0.2, 0.2]);
    const traces = await measure(maps([1, 0.01, 0, -1, 0], [2, 0, 0, -2, 0]), { "relevance-tolerance": 0.02 });
    expect(traces.non_sensitivity![0]).toBe(0);
  });

  test("does not depend on the other samples, and asks the model once for all methods", async () => {
    await using at = await openCase("shapes-32");
    let rows = 0;
    const ran = (n: number) => {
      rows += n;
    };
    const meter = { starts() {}, announce() {}, again() {}, ran };
    const judge = await judgeOf(at.lit, at.x, { targets: at.targets, meter });
    const params = { unit: "grid:8", repeats: 2 };
    const first = await judge.measure(metrics["non-sensitivity"]!, params, { relevance: at.heatmap("gradient-x-input") });
    expect(rows).toBe(8 * (1 + 2 * 16));
    await judge.measure(metrics["non-sensitivity"]!, params, { relevance: at.heatmap("random") });
    expect(rows).toBe(8 * (1 + 2 * 16));
    const some = [5, 2];
    const alone = await judgeOf(at.lit, rowsOf(at.x, some), { targets: some.map((n) => at.targets[n]!), ids: some });
    const relevance = rowsOf(at.heatmap("gradient-x-input"), some);
    const { scores } = await alone.measure(metrics["non-sensitivity"]!, params, { relevance });
    for (const [name, values] of Object.entries(scores))
      expect(Array.from(values)).toEqual(some.map((n) => first.scores[name]![n]));
  });
});
