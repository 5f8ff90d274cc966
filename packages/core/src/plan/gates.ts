/** Values that only weigh others: results of a sigmoid or a softmax, wherever they are moved. */

import type { Traits } from "../composites/index.ts";
import { constantValues } from "../graph/facts.ts";
import { type Graph, opName, valuesRead } from "../graph/graph.ts";

const GATES = new Set(["Sigmoid", "HardSigmoid", "Softmax"]);
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

export const gateValues = (graph: Pick<Graph, "nodes">, gates: ReadonlySet<string> = GATES): Set<string> => {
  const found = new Set<string>();
  for (const node of graph.nodes)
    if (gates.has(opName(node)) || (MOVES.has(opName(node)) && node.input.some((name) => found.has(name))))
      for (const name of node.output) found.add(name);
  return found;
};

/** What the choice of `auto` depends on. */
export const traitsOf = (graph: Graph): Traits => {
  const constant = constantValues(graph);
  const weights = gateValues(graph, new Set(["Softmax"]));
  const fixed = (name: string) => constant.has(name) || graph.initializers.has(name);
  return {
    ops: new Set(graph.nodes.map(opName)),
    attention: graph.nodes.some(
      (node) =>
        ["MatMul", "Einsum"].includes(opName(node)) &&
        node.input.some((name) => weights.has(name)) &&
        valuesRead(node).every((name) => !fixed(name)),
    ),
  };
};
