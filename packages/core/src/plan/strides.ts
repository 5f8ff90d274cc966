/**
 * How coarse a map is: the product of the strides between the input and it, the geometric mean over its axes. Read from the operators, not
 * from sizes: a map that lost its border to unpadded convolutions is no coarser, and one value a channel (behind a global pool) is no map.
 */

import type { Facts } from "../graph/facts.ts";
import { type GraphNode, opName } from "../graph/graph.ts";
import { maxOf } from "../numeric/extremes.ts";
import { getInt, getInts } from "../onnx/attributes.ts";

interface Read {
  readonly node: GraphNode;
  /** Positions of the inputs that depend on what is explained. */
  readonly inputs: readonly number[];
}

/** Of every node, its output's stride over the largest one of the net; no map: ∞. In topological order. */
export const strideShares = (nodes: readonly Read[], facts: Facts): readonly number[] => {
  const at = new Map<string, number>();
  const convolved = beforeConvolutions(nodes);
  const strides = nodes.map(({ node, inputs }) => {
    const finest = inputs.reduce((least, i) => Math.min(least, at.get(node.input[i]!) ?? 1), Number.POSITIVE_INFINITY);
    const stride = (inputs.length === 0 ? 1 : finest) * factorOf(node, facts, convolved);
    for (const name of node.output) at.set(name, stride);
    return stride;
  });
  const total = strides.reduce((most, stride) => (Number.isFinite(stride) ? Math.max(most, stride) : most), 1);
  return strides.map((stride) => stride / total);
};

const POOLS = new Set(["MaxPool", "AveragePool", "LpPool"]);
/** The largest window that can be a step down; larger ones over a whole map are global pools. */
const SMALL_WINDOW = 3;

/** By how much coarser the node's output is than its input. */
const factorOf = (node: GraphNode, facts: Facts, convolved: ReadonlySet<string>): number => {
  const op = opName(node);
  const [from, to] = [node.input[0], node.output[0]].map((name) => facts.shape(name ?? "")?.slice(2) ?? []);
  if (POOLS.has(op)) {
    const window = getInts(node, "kernel_shape") ?? [];
    const whole = window.every((k, i) => typeof from![i] === "number" && k >= from![i]!);
    const down = maxOf(window) <= SMALL_WINDOW && (op === "MaxPool" || convolved.has(node.output[0]!));
    return whole && !down ? Number.POSITIVE_INFINITY : mean(getInts(node, "strides") ?? []);
  }
  if (op.startsWith("Global")) return Number.POSITIVE_INFINITY;
  if (op.startsWith("Reduce")) return from!.length > 0 && to!.every((d) => d === 1) ? Number.POSITIVE_INFINITY : 1;
  switch (op) {
    case "Conv":
      return mean(getInts(node, "strides") ?? []);
    case "ConvTranspose":
      return 1 / mean(getInts(node, "strides") ?? []);
    case "DepthToSpace":
      return 1 / getInt(node, "blocksize", 1);
    case "SpaceToDepth":
      return getInt(node, "blocksize", 1);
    case "Resize":
    case "Upsample":
      return mean(from!.map((d, i) => (d && to![i] ? d / to![i]! : 1)));
    case "Slice": {
      const steps = (node.input[4] && facts.numbers(node.input[4])) || [];
      return (
        Math.max(
          1,
          [...steps].reduce((product, step) => product * Math.abs(step), 1),
        ) **
        (1 / Math.max(1, from!.length))
      );
    }
    default:
      return 1;
  }
};

const mean = (factors: readonly number[]): number =>
  factors.length === 0 ? 1 : factors.reduce((product, f) => product * f, 1) ** (1 / factors.length);

/** Values that a convolution with a window wider than one lies behind. */
const beforeConvolutions = (nodes: readonly Read[]): ReadonlySet<string> => {
  const found = new Set<string>();
  for (const { node, inputs } of [...nodes].reverse()) {
    const wide = opName(node) === "Conv" && (getInts(node, "kernel_shape") ?? [3]).some((k) => k > 1);
    if (wide || node.output.some((name) => found.has(name))) for (const i of inputs) found.add(node.input[i]!);
  }
  return found;
};
