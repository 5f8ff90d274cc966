/** What becomes of a value on the way: is it a feature of its own, with weights, or does it only gate, mask or count others? */
import { dependents } from "../graph/between.ts";
import { type GraphNode, opName, valuesRead } from "../graph/graph.ts";
import type { Where } from "./explained-candidates.ts";

const WEIGHTED = /^(Conv|ConvTranspose|Gemm|MatMul|Einsum|LSTM|GRU|RNN|QLinear.*|ai\.onnx\.ml\..*)$/;
const SIDE_BY_SIDE = new Set(["Concat", "ai.onnx.ml.FeatureVectorizer"]);

export interface Uses {
  /** A layer of its own, or it alone makes the output. */
  readonly weighted: boolean;
  /** It stands in a row with other values. */
  readonly beside: boolean;
}

export const usesOf = (value: string, { graph, nodes, start, facts }: Where): Uses => {
  const varying = dependents(graph, [value, ...graph.inputs.map(({ name }) => name)]);
  const pure = new Set([value]);
  let [weighted, beside] = [value === start, false];
  for (const node of nodes) {
    const reads = valuesRead(node).filter((name) => varying.has(name));
    if (!reads.some((name) => pure.has(name))) continue;
    if (reads.every((name) => pure.has(name))) {
      if (WEIGHTED.test(opName(node)) && reads.length === 1) weighted = true;
      for (const name of node.output) pure.add(name);
    } else if (SIDE_BY_SIDE.has(opName(node)) && isTable(node, facts)) beside = true;
  }
  return { weighted: weighted || pure.has(start), beside };
};

/** Rows of features: [N, F]. */
const isTable = (node: GraphNode, facts: Where["facts"]): boolean => (facts.shape(node.output[0]!)?.length ?? 2) <= 2;
