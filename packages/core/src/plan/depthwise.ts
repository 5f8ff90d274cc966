import type { GraphNode } from "../graph/graph.ts";
import { getInt } from "../onnx/attributes.ts";

/** A convolution that takes every one of its input's channels apart. */
export const isDepthwise = (convolution: GraphNode, channels: number | null | undefined): boolean => {
  const groups = getInt(convolution, "group", 1);
  return groups > 1 && groups === channels;
};
