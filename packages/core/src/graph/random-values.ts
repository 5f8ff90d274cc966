/** Values that come out differently at every run: what random numbers go into, in subgraphs and functions too. */
import type { GraphProto, NodeProto } from "../onnx/proto.ts";
import { RANDOM } from "./facts.ts";
import { graphsOf, nodesOf, valuesRead } from "./graph.ts";

/** `functions`: names of those whose bodies draw numbers. */
export const randomValues = (graph: GraphProto, functions: ReadonlySet<string> = new Set()): ReadonlySet<string> => {
  const random = new Set<string>();
  const draws = (node: NodeProto): boolean => RANDOM.has(node.opType) || functions.has(node.opType);
  for (const node of graph.node) {
    const inner = graphsOf(node).flatMap((body) => nodesOf(body));
    if (draws(node) || inner.some(draws) || valuesRead(node).some((name) => random.has(name)))
      for (const name of node.output) random.add(name);
  }
  return random;
};
