/** What nothing reads is not written: rules may ask for values they do not need in the end. */
import { valuesRead } from "../graph/graph.ts";
import type { NodeProto, TensorProto, ValueInfoProto } from "../onnx/proto.ts";

/** Nodes some output depends on, in their order. */
export const neededNodes = (nodes: readonly NodeProto[], outputs: readonly ValueInfoProto[]): NodeProto[] => {
  const read = new Set(outputs.map((output) => output.name));
  const kept: NodeProto[] = [];
  for (const node of [...nodes].reverse()) {
    if (!node.output.some((name) => read.has(name))) continue;
    kept.push(node);
    for (const name of valuesRead(node)) read.add(name);
  }
  return kept.reverse();
};

export const neededTensors = (
  tensors: readonly TensorProto[],
  nodes: readonly NodeProto[],
  outputs: readonly ValueInfoProto[],
): TensorProto[] => {
  const read = new Set([...outputs.map((output) => output.name), ...nodes.flatMap(valuesRead)]);
  return tensors.filter((tensor) => read.has(tensor.name));
};
