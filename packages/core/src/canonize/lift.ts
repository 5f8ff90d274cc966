/** Older opsets: 13 to 16 mean the same as 17 for every op backlit handles, once BatchNormalization has one output. */
import { fail } from "../errors.ts";
import type { Graph } from "../graph/graph.ts";

export const TARGET_OPSET = 17;
const OLDEST = 13;

/** The opset of the artefact is max(17, the file's). */
export const lift = (graph: Graph): Graph => {
  const version = graph.opsets.get("") ?? TARGET_OPSET;
  if (version < OLDEST)
    throw fail("Unsupported", {
      what: `opset ${version}`,
      why: `operators before opset ${OLDEST} have other arguments`,
      fix: "convert the model to opset 17 (onnx.version_converter)",
    });
  if (version >= TARGET_OPSET) return graph;
  const nodes = graph.nodes.map((node) =>
    node.opType === "BatchNormalization" && version < 14 ? { ...node, output: node.output.slice(0, 1) } : node,
  );
  return { ...graph, nodes, opsets: new Map([...graph.opsets, ["", TARGET_OPSET]]) };
};
