/** A background of several rows: v(S) is the mean over them of f(x_S, z_rest). Against brute force, and shap's KernelExplainer (fixtures/kernel-shap.py). */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { nodeRuntime } from "../../../../backlit/src/host/runtime/node.ts";
import { floats, model, numbers } from "../../../test/support/run.ts";
import { metrics } from "../../evaluate/metrics/index.ts";
import { judgeOf } from "../../evaluate/run/judge.ts";
import { load } from "../../explain/index.ts";
import type { ExplainOptions } from "../../explain/types.ts";
import { encodeModelBytes } from "../../onnx/index.ts";
import type { FloatTensor } from "../../tensor/float.ts";
import { takesReferences } from "../beside.ts";

const known = JSON.parse(readFileSync(new URL("fixtures/kernel-shap.json", import.meta.url), "utf8"));
const [w, v, rows, background] = [known.w, known.v, known.x, known.background] as [number[][], number[], number[][], number[][]];
const text = `net (float[N,4] x) => (float[N,1] y) <float[4,3] w = {${w.flat()}}, float[3,1] v = {${v}}> { a = MatMul(x, w) b = Tanh(a) y = MatMul(b, v) }`;
const f = (x: readonly number[]): number =>
  v.reduce((sum, one, j) => sum + one * Math.tanh(x.reduce((total, xi, i) => total + xi * w[i]![j]!, 0)), 0);
const x = floats([2, 4], rows.flat());
const references = floats([3, 4], background.flat()) as FloatTensor;
const groups = { type: "int64", dims: [4], data: BigInt64Array.of(0n, 1n, 1n, 2n) } as const;

const explained = async (options: ExplainOptions) => {
  await using lit = await load(encodeModelBytes(model(text)), {
    runtime: await nodeRuntime(),
    reading: { outputKind: "regression" },
  });
  return numbers((await lit.explain(x, { output: "y", target: "value", ...options })).relevance);
};
const near = (values: readonly number[], digits = 5) => values.map((value) => expect.closeTo(value, digits));

/** v of the features kept, bits of `set`. */
const worth = (row: readonly number[], set: number): number =>
  background.reduce((sum, z) => sum + f(row.map((xi, i) => ((set >> i) & 1 ? xi : z[i]!))), 0) / background.length;
const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1));
const shapleyOf = (row: readonly number[]): number[] =>
  row.map((_, i) => {
    let sum = 0;
    for (let set = 0; set < 16; set++) {
      if ((set >> i) & 1) continue;
      const size = [0, 1, 2, 3].filter((k) => (set >> k) & 1).length;
      sum += ((factorial(size) * factorial(3 - size)) / factorial(4)) * (worth(row, set | (1 << i)) - worth(row, set));
    }
    return sum;
  });

describe("Shapley values over a background", () => {
  test.each(["shapley", "kernel-shap"])("%s: brute force, and shap's", async (method) => {
    const values = await explained({ method, references });
    expect(values).toEqual(near(rows.flatMap(shapleyOf)));
    expect(values).toEqual(near(known.values.flat()));
  });

  test.each(["shapley", "kernel-shap"])("%s: columns that belong together come and go together", async (method) => {
    const values = await explained({ method, references, groups, params: { features: "given" } });
    const sums = [0, 4].flatMap((at) => [values[at]!, values[at + 1]! + values[at + 2]!, values[at + 3]!]);
    expect(sums).toEqual(near(known.grouped.flat()));
  });

  test("the set, not its mean: that is asked for by name", async () => {
    const mean = [0, 1, 2, 3].map((i) => background.reduce((sum, z) => sum + z[i]!, 0) / 3);
    const set = await explained({ method: "shapley", references });
    const named = await explained({ method: "shapley", references, params: { baseline: "mean" } });
    expect(named).not.toEqual(near(set, 2));
    expect(named.slice(0, 4).reduce((a, b) => a + b)).toBeCloseTo(f(rows[0]!) - f(mean), 5);
    expect(set.slice(0, 4).reduce((a, b) => a + b)).toBeCloseTo(f(rows[0]!) - worth(rows[0]!, 0), 5);
    await expect(explained({ method: "shapley", params: { baseline: "references" } })).rejects.toThrow("no references are given");
  });
});

test("feature ablation, integrated gradients: the mean over the rows", async () => {
  const without = (row: readonly number[], i: number) => worth(row, 15) - worth(row, 15 & ~(1 << i));
  const ablated = await explained({ method: "feature-ablation", references, params: { features: "feature" } });
  expect(ablated).toEqual(near(rows.flatMap((row) => row.map((_, i) => without(row, i)))));
  const path = await explained({ method: "integrated-gradients", references, params: { steps: 60 } });
  expect(path.slice(0, 4).reduce((a, b) => a + b)).toBeCloseTo(f(rows[0]!) - worth(rows[0]!, 0), 3);
});

test("which methods look at references, and when not", () => {
  for (const name of ["kernel-shap", "shapley", "feature-ablation", "occlusion", "lime", "rise", "integrated-gradients"]) {
    expect(takesReferences(name)).toBe(true);
    expect(takesReferences(name, { baseline: "zero" })).toBe(false);
  }
  expect(takesReferences("gradient")).toBe(false);
  expect(takesReferences("score-cam")).toBe(false);
});

test("imputer references: what is removed is what it is in one of the rows", async () => {
  await using lit = await load(encodeModelBytes(model(text)), {
    runtime: await nodeRuntime(),
    reading: { outputKind: "regression" },
  });
  const judge = await judgeOf(lit, x, { output: "y", references });
  const relevance = floats([2, 4], [1, 0, 0, 0, 1, 0, 0, 0]) as FloatTensor;
  const { scores } = await judge.measure(metrics["pixel-flipping"]!, { imputer: "references", unit: "feature", steps: 4 }, {
    relevance,
  } as never);
  expect(Object.values(scores)[0]!.every(Number.isFinite)).toBe(true);
  const bare = await judgeOf(lit, x, { output: "y" });
  const asked = bare.measure(metrics["pixel-flipping"]!, { imputer: "references", unit: "feature", steps: 4 }, {
    relevance,
  } as never);
  await expect(asked).rejects.toThrow("no references are given");
});
