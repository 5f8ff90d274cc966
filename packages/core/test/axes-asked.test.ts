/** What axes mean is the reading's to say: elsewhere neither a rank nor a fixed place of an axis decides it, but for the places listed. */
import { describe, expect, test } from "vitest";
import { read, sources } from "./sources.ts";

const core = "packages/core/src";

/** Rooms in which an operator's own definition fixes its axes. */
const OPERATORS = ["canonize", "graph", "lower", "onnx", "ops", "reading"];

/** By file: how many places there are, and why they may. */
const ALLOWED: Readonly<Record<string, readonly [count: number, why: string]>> = {
  "clusters/features.ts": [1, "maps whose channels come first"],
  "concepts/attribution-graph.ts": [1, "one row of channels"],
  "concepts/judged/deletion.ts": [3, "the channel table's own axes, and rows of classes: others are refused"],
  "concepts/run/unit.ts": [1, "the channel table's own axes"],
  "emit/logits.ts": [1, "logits whose batch axis is known"],
  "emit/sample-axis.ts": [1, "a matrix product's own axes"],
  "emit/totals.ts": [1, "rows that were brought to the front"],
  "emit/by-column.ts": [1, "rows and columns of a table"],
  "evaluate/imputers/conv.ts": [2, "a kernel the caller gives"],
  "evaluate/metrics/faithfulness/perturbations.ts": [2, "perturbations the caller gives"],
  "evaluate/metrics/faithfulness/subsets.ts": [2, "subsets the caller gives"],
  "evaluate/metrics/robustness/neighbours.ts": [1, "neighbours the caller gives"],
  "explain/deep-taylor.ts": [1, "what a convolution takes in"],
  "explain/feeds.ts": [1, "an empty batch"],
  "explain/pair/branches.ts": [2, "rows of two embeddings that are multiplied"],
  "explain/ledger.ts": [2, "the ledger's own table"],
  "input/picture/dims.ts": [2, "what a picture is made into, from a model's sizes"],
  "formats/npy.ts": [3, "a file of any rank"],
  "input/picture/preprocess.ts": [1, "what a picture was made into"],
  "methods/attention/tokens.ts": [1, "heads and tokens of a softmax"],
  "methods/cam/layer.ts": [1, "a layer with channels that are known"],
  "plan/neuralised/spheres.ts": [1, "a matrix product's own axes"],
  "pixels/index.ts": [4, "pixels as the caller says they lie"],
  "plan/bounds.ts": [1, "a matrix product's own axes"],
  "plan/traits.ts": [4, "an operator's own axes; input that nothing was read of"],
  "plan/visits.ts": [2, "a convolution's own axes"],
  "render/raster/plane.ts": [4, "a map whose channels come first"],
  "render/series.ts": [2, "a series whose channels come first"],
  "repair/rewrite.ts": [4, "a layer whose channels are known"],
};

const PLACE = /\b(dims|shape|rank)(\.length)? (===|!==|<|>|<=|>=) [1-9]\b|\b(dims|shape)\)?[!?]*(\?\.)?\[[1-9]\]/g;

const placesIn = (text: string): number =>
  text
    .split("\n")
    .filter((line) => !/^\s*(\*|\/\/|\/\*)/.test(line))
    .reduce((count, line) => count + [...line.matchAll(PLACE)].length, 0);

describe("axes", () => {
  test("are decided by rank or place only where listed", () => {
    const found = sources(core)
      .filter((path) => !OPERATORS.includes(path.slice(core.length + 1).split("/")[0]!))
      .map((path) => [path.slice(core.length + 1), placesIn(read(path))] as const)
      .filter(([, count]) => count > 0);
    expect(Object.fromEntries(found)).toEqual(
      Object.fromEntries(Object.entries(ALLOWED).map(([path, [count]]) => [path, count])),
    );
  });

  test("the check sees what it looks for", () => {
    expect(placesIn("const channels = x.dims.length > 2 ? x.dims[1]! : 1;")).toBe(2);
    expect(placesIn("if (shape?.length === 4) return shape![1];")).toBe(1);
    expect(placesIn("// dims[1]")).toBe(0);
  });
});
