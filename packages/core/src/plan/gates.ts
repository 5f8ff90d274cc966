/** Values that only weigh others: results of a sigmoid or a softmax, wherever they are moved. */

import { type Graph, opName } from "../graph/graph.ts";

const GATES = new Set(["Sigmoid", "HardSigmoid", "Softmax", "backlit.ScatterSoftmax"]);
const MOVES = new Set([
  "Identity",
  "Dropout",
  "Cast",
  "Reshape",
  "Flatten",
  "Squeeze",
  "Unsqueeze",
  "Transpose",
  "Expand",
  "Slice",
  "Split",
  "Where",
]);

/** Names of values that are results of `gates`, also behind nodes that only move them. */
export const gateValues = (graph: Pick<Graph, "nodes">, gates: ReadonlySet<string> = GATES): Set<string> => {
  const found = new Set<string>();
  for (const node of graph.nodes)
    if (gates.has(opName(node)) || (MOVES.has(opName(node)) && node.input.some((name) => found.has(name))))
      for (const name of node.output) found.add(name);
  return found;
};
