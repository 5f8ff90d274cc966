/** Groups that are given come and go together, in every method that takes values away and wherever evaluation does. */
import { describe, expect, test } from "vitest";
import { loadText } from "../../../test/support/load.ts";
import { floats, ints } from "../../../test/support/run.ts";
import { imputers } from "../../evaluate/imputers/index.ts";
import { metrics } from "../../evaluate/metrics/index.ts";
import { judgeOf } from "../../evaluate/run/judge.ts";
import type { FloatTensor } from "../../tensor/float.ts";
import { methods } from "../index.ts";

// Columns 0 and 3 are one thing said twice: where one goes without the other the score leaps.
const NET = `<ir_version: 8, opset_import: ["" : 17]> net (float[N,4] x) => (float[N,2] y)
  <float[4,1] pair = {1, 0, 0, -1}, float[4,2] w = {1, 0, 2, 0, -1, 0, 0, 0}, float[1,2] leap = {5000, 0}>
  { d = MatMul(x, pair) s = Relu(d) a = MatMul(s, leap) b = MatMul(x, w) y = Add(a, b) }`;
const X = floats([2, 4], [1, 2, 3, 1, -2, 1, 0.5, -2]);
const GROUPS = ints([4], [7, 1, 2, 7]);
const ROWS = floats([3, 4], [0, 0, 0, 0, 2, 1, 1, 2, -1, 0, 3, -1]);
const FEW: Readonly<Record<string, Record<string, unknown>>> = { rise: { masks: 200 }, lime: { samples: 60 } };
/** Its own units are windows. */
const GROUPED: Readonly<Record<string, Record<string, unknown>>> = { occlusion: { window: "groups" } };
const largest = ({ data }: { readonly data: unknown }) => Math.max(...Array.from(data as Float32Array, Math.abs));

const removing = Object.values(methods).filter(({ card }) => card.family === "perturbation");

describe.each(removing.map(({ card }) => card.name))("%s", (method) => {
  test.each(["zero", "mean", "references", "-3"])("baseline %s", async (baseline) => {
    await using lit = await loadText(NET);
    const params = { ...FEW[method], baseline };
    const references = baseline === "mean" || baseline === "references" ? { references: ROWS } : {};
    const apart = { method, target: 0, params, ...references };
    const { relevance } = await lit.explain(X, { ...apart, params: { ...params, ...GROUPED[method] }, groups: GROUPS });
    expect(largest(relevance)).toBeGreaterThan(0);
    expect(largest(relevance)).toBeLessThan(50);
    expect(largest((await lit.explain(X, apart)).relevance)).toBeGreaterThan(500);
  });
});

test("in the middle of a method: what a noise tunnel asks of another", async () => {
  await using lit = await loadText(NET);
  const params = { of: "feature-ablation", samples: 3, level: 0 };
  const { relevance } = await lit.explain(X, { method: "smoothgrad", target: 0, params, groups: GROUPS });
  expect(largest(relevance)).toBeLessThan(50);
});

// Those that draw each value for itself fill a group as they fill the rest.
const OWN = [
  "uniform",
  "histogram",
  "dirichlet",
  "patches",
  "given",
  "mask-token",
  "pad-token",
  "blur",
  "road",
  "diffusion",
  "conv",
  "invert",
];

test.each(Object.keys(imputers).filter((name) => !OWN.includes(name)))("imputer %s", async (imputer) => {
  await using lit = await loadText(NET);
  const judge = await judgeOf(lit, X, { target: 0, references: ROWS as FloatTensor, given: { segments: GROUPS } });
  const asked = { imputer: imputer === "constant" ? "constant:0.5" : imputer, score: "logit" };
  const most = async (unit: string) => {
    const { curves } = await judge.measure(metrics["pixel-flipping"]!, { ...asked, unit }, { relevance: { ...judge.x } });
    return Math.max(...Object.values(curves!)[0]!.values.map((values) => largest({ data: values })));
  };
  expect(await most("given")).toBeLessThan(50);
  expect(await most("feature")).toBeGreaterThan(500);
});
