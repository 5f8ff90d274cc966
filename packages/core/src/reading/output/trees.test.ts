/** What a forest's leaves hold, in floats and as exporters write them for columns of float64. */
import { expect, test } from "vitest";
import { graphOf } from "../../graph/graph.ts";
import { parseModel } from "../../onnx/parse-text.ts";
import { treeRange } from "./trees.ts";

const rangeOf = (weights: string) => {
  const model =
    parseModel(`<ir_version: 8, opset_import: ["" : 18, "ai.onnx.ml" : 3]> net (double[N,2] x) => (int64[N] l, float[N,2] y) {
    l, y = ai.onnx.ml.TreeEnsembleClassifier <classlabels_int64s=[0,1], class_treeids=[0,0], class_nodeids=[1,2], class_ids=[0,1], ${weights}> (x) }`);
  return treeRange(graphOf(model).nodes[0]!);
};

test.each([
  ["floats", "class_weights=[0.75,0.25]", true],
  ["float64", "class_weights_as_tensor = double[2] {0.75,0.25}", true],
  ["margins", "class_weights=[0.75,-0.25]", undefined],
  ["margins in float64", "class_weights_as_tensor = double[2] {0.75,-0.25}", undefined],
  ["beyond 1", "class_weights_as_tensor = double[2] {7.5,0.25}", undefined],
])("leaves in %s", (_, weights, probability) => {
  expect(rangeOf(weights)?.probability).toBe(probability);
});
