/** Values that are sequences, maps or optional values: they have no shape, and no runtime hands them out. */
import type { GraphProto, NodeProto } from "../onnx/proto.ts";
import { graphsOf } from "./graph.ts";

const MAKERS = new Set([
  "SequenceEmpty",
  "SequenceConstruct",
  "SequenceInsert",
  "SequenceErase",
  "SequenceMap",
  "SplitToSequence",
  "Optional",
  "ZipMap",
]);

/** Names at the top level. What cannot be told (the element of an optional value) counts as no tensor. */
export const nonTensors = (graph: Pick<GraphProto, "node" | "input">): ReadonlySet<string> => inside(graph, new Set());

type Body = Pick<GraphProto, "node" | "input">;

const inside = (graph: Body, outside: ReadonlySet<string>): ReadonlySet<string> => {
  const found = new Set(outside);
  for (const { name, type } of graph.input) if (type !== undefined && type.tensorType === undefined) found.add(name);
  for (const node of graph.node) {
    if (MAKERS.has(node.opType)) for (const name of node.output) found.add(name);
    else if (["Identity", "OptionalGetElement"].includes(node.opType)) {
      if (found.has(node.input[0]!)) found.add(node.output[0]!);
    } else for (const name of fromSubgraphs(node, found)) found.add(name);
  }
  return found;
};

/** Outputs of a node with subgraphs that are no tensors inside either: If's branches, Loop's body behind its condition. */
const fromSubgraphs = (node: NodeProto, outside: ReadonlySet<string>): string[] =>
  graphsOf(node).flatMap((body) => {
    const lead = node.opType === "Loop" ? 1 : 0;
    // A loop's carried values are what it is given: inputs and body inputs after the trip count and the condition pair up.
    const carried = body.input.flatMap(({ name }, i) => (outside.has(node.input[i] ?? "") ? [name] : []));
    const found = inside(body, new Set([...outside, ...carried]));
    return node.output.filter((name, i) => {
      const inner = body.output[i + lead];
      if (name === "" || inner === undefined) return false;
      return found.has(inner.name) || (inner.type !== undefined && inner.type.tensorType === undefined);
    });
  });
