/** Following a channel axis through nodes that only rearrange: which axis it was before, and whether the order is kept. */

import type { Shape } from "../graph/facts.ts";
import type { GraphNode } from "../graph/graph.ts";
import { getInts } from "../onnx/attributes.ts";
import type { View } from "./rewrite.ts";

const RESHAPES = new Set(["Reshape", "Flatten", "Squeeze", "Unsqueeze"]);
const keepsChannel = (node: GraphNode): boolean =>
  node.domain === "" && (RESHAPES.has(node.opType) || node.opType === "Transpose");

/** The axis of the node's input that becomes `axis` of its output, or undefined where the reshape mixes it with others. */
export const axisBefore = (node: GraphNode, axis: number, view: View): number | undefined => {
  const [before, after] = [view.facts.shapeOf(node.input[0]!), view.facts.shapeOf(node.output[0]!)];
  if (node.opType === "Transpose") return (getInts(node, "perm") ?? before.map((_, i) => before.length - 1 - i))[axis];
  const found = before.findIndex((d, i) => d === after[axis] && sameProduct(before.slice(i + 1), after.slice(axis + 1)));
  return found < 0 ? undefined : found;
};

const sameProduct = (a: Shape, b: Shape): boolean => {
  const product = (shape: Shape) =>
    shape.reduce<[number, number]>(([n, free], d) => (d === null ? [n, free + 1] : [n * d, free]), [1, 0]);
  return product(a).join() === product(b).join();
};

/** Nodes that only rearrange between a value and what really made it: from the value's producer upwards. */
export const rearrangedFrom = (value: string, view: View): { readonly chain: readonly GraphNode[]; readonly source: string } => {
  const chain: GraphNode[] = [];
  let source = value;
  for (let node = view.producer(source); node !== undefined && keepsChannel(node); node = view.producer(source)) {
    chain.push(node);
    source = node.input[0]!;
  }
  return { chain, source };
};
