/** The forward graph as it is written: units as the nodes they stand for, and the names it takes. */
import { bodyOf } from "../../canonize/rewrite.ts";
import { type Graph, graphsOf } from "../../graph/graph.ts";
import type { NodeProto } from "../../onnx/proto.ts";

export const forwardOf = (graph: Graph): NodeProto[] => graph.nodes.flatMap((node) => bodyOf(node).map(plain));

/** All nodes, those of units and subgraphs too. */
export const nodesIn = (graph: Graph): readonly NodeProto[] => {
  const inside = (node: NodeProto): readonly NodeProto[] => [node, ...graphsOf(node).flatMap((g) => g.node.flatMap(inside))];
  return graph.nodes.flatMap((node) => [node, ...(node.body ?? [])].flatMap(inside));
};

/** Names of all values, those of units and subgraphs too. */
export const valuesIn = (graph: Graph): readonly string[] => [
  ...nodesIn(graph).flatMap((node) => [
    ...node.output,
    ...graphsOf(node).flatMap(({ input, initializer }) => [...input, ...initializer].map((v) => v.name)),
  ]),
  ...graph.initializers.keys(),
  ...graph.inputs.map((input) => input.name),
];

const plain = ({ opType, domain, name, input, output, attribute, ...rest }: NodeProto): NodeProto => ({
  opType,
  domain,
  name,
  input,
  output,
  attribute,
  ...(rest.docString && { docString: rest.docString }),
  ...(rest.overload && { overload: rest.overload }),
  ...(rest.unknown && { unknown: rest.unknown }),
});
