/** Axes as nodes name them, negative ones from the end, counted from the front. */
import type { GraphNode } from "../graph/graph.ts";
import { getInt } from "../onnx/attributes.ts";

export const fromFront = (axis: number, rank: number): number => (axis < 0 ? axis + rank : axis);

/** The attribute `axis`. */
export const axisOf = (node: GraphNode, rank: number, fallback: number): number =>
  fromFront(getInt(node, "axis", fallback), rank);
