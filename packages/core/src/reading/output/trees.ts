/** What the scores of classifiers are that stay as they are: of a tree ensemble from its leaves and its transform, of support vectors. */
import type { GraphNode } from "../../graph/graph.ts";
import { getFloats, getInts, getString, getStrings } from "../../onnx/attributes.ts";
import { floatsOf } from "../../trees/numbers.ts";
import type { Range } from "./interval.ts";

const PROBABILITY: Range = { low: 0, high: 1, probability: true, exclusive: true, logits: false };

/** A forest's leaves hold shares of classes, all ≥ 0 and over all trees at most 1; margins are something else: undefined. */
export const treeRange = (node: GraphNode): Range | undefined => {
  const transform = getString(node, "post_transform", "NONE");
  const classes = getInts(node, "classlabels_int64s")?.length ?? getStrings(node, "classlabels_strings")?.length ?? 0;
  if (transform === "SOFTMAX" || transform === "SOFTMAX_ZERO") return PROBABILITY;
  if (transform === "LOGISTIC") return { ...PROBABILITY, exclusive: classes <= 2 };
  if (transform !== "NONE" || (floatsOf(node, "base_values") ?? []).some((v) => v !== 0)) return undefined;
  const weights = floatsOf(node, "class_weights") ?? [];
  const trees = getInts(node, "class_treeids") ?? [];
  const leaves = getInts(node, "class_nodeids") ?? [];
  const shares = new Map<string, number>();
  for (const [k, weight] of weights.entries()) {
    if (weight < 0) return undefined;
    const leaf = `${trees[k]}:${leaves[k]}`;
    shares.set(leaf, (shares.get(leaf) ?? 0) + weight);
  }
  const most = new Map<string, number>();
  for (const [leaf, share] of shares) {
    const tree = leaf.slice(0, leaf.indexOf(":"));
    most.set(tree, Math.max(most.get(tree) ?? 0, share));
  }
  const total = [...most.values()].reduce((a, b) => a + b, 0);
  return total <= 1 + 1e-3 && total > 0 ? PROBABILITY : undefined;
};

/** Platt's sigmoids of pairs of classes, coupled so that they sum to 1. */
export const plattRange = (node: GraphNode): Range | undefined =>
  (getFloats(node, "prob_a") ?? []).length > 0 && getString(node, "post_transform", "NONE") === "NONE" ? PROBABILITY : undefined;
