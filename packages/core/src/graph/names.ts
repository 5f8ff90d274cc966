/** Names of values: new ones, and nodes on other ones. */

import type { AttributeProto, GraphProto, NodeProto } from "../onnx/proto.ts";
import { graphsOf } from "./graph.ts";

/** Hands out names that are not taken: the wish itself, or with a number. */
export const namer = (taken: Iterable<string>): ((wish: string) => string) => {
  const used = new Set(taken);
  const next = new Map<string, number>(); // unrolled loops wish the same names a thousand times
  return (wish) => {
    let name = wish;
    let i = next.get(wish) ?? 2;
    for (; used.has(name); i++) name = `${wish}.${i}`;
    next.set(wish, i);
    used.add(name);
    return name;
  };
};

/** The node with every graph among its attributes replaced. */
export const withSubgraphs = (node: NodeProto, replace: (graph: GraphProto) => GraphProto): NodeProto => {
  if (graphsOf(node).length === 0) return node;
  const attribute = node.attribute.map(
    (a): AttributeProto => ({ ...a, ...(a.g && { g: replace(a.g) }), ...(a.graphs && { graphs: a.graphs.map(replace) }) }),
  );
  return { ...node, attribute };
};

/** The node reading and making values of other names, in its subgraphs too. Omitted values ("") stay. */
export const renamed = (node: NodeProto, name: (value: string) => string): NodeProto => {
  const other = (value: string) => (value === "" ? "" : name(value));
  const named = <T extends { readonly name: string }>(value: T): T => ({ ...value, name: other(value.name) });
  const inside = (graph: GraphProto): GraphProto => ({
    ...graph,
    input: graph.input.map(named),
    initializer: graph.initializer.map(named),
    output: graph.output.map(named),
    node: graph.node.map((inner) => renamed(inner, name)),
    valueInfo: [],
  });
  return { ...withSubgraphs(node, inside), input: node.input.map(other), output: node.output.map(other) };
};
