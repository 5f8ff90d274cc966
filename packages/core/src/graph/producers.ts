import type { NodeProto } from "../onnx/proto.ts";

/** The node that makes each value. */
export const producersOf = <N extends Pick<NodeProto, "output">>(nodes: readonly N[]): Map<string, N> =>
  new Map(nodes.flatMap((node) => node.output.map((name) => [name, node] as const)));
