/**
 * What becomes of the leaves that a row falls into, one a tree: their sum, or what can be written as one. An average is a sum of leaves
 * over the number of trees. A least or largest value over trees is no sum; of a few small trees it is one tree, whose leaves are all
 * combinations of theirs.
 */
import { fail } from "../errors.ts";
import { type GraphNode, nodeLabel, opName } from "../graph/graph.ts";
import { getString } from "../onnx/attributes.ts";
import type { Ensemble, Leaf } from "./ensemble.ts";
import { malformed } from "./numbers.ts";

export type Aggregate = "SUM" | "AVERAGE" | "MIN" | "MAX";
const NAMES: readonly string[] = ["SUM", "AVERAGE", "MIN", "MAX"];

/** Combinations of leaves that are still written out. */
const MOST_COMBINATIONS = 4096;

export const aggregateNamed = (node: GraphNode): Aggregate => {
  const name = getString(node, "aggregate_function", "SUM");
  if (NAMES.includes(name)) return name as Aggregate;
  throw malformed(node, `aggregate_function is ${name}`);
};

/** `of`: outputs that a leaf says nothing of are NaN. Errors: Unsupported. */
export const aggregated = (node: GraphNode, aggregate: Aggregate, of: Ensemble): Ensemble => {
  const trees = [...new Set(of.leaves.map(({ tree }) => tree))].map((tree) => of.leaves.filter((leaf) => leaf.tree === tree));
  if (aggregate === "SUM" || aggregate === "AVERAGE") {
    const factor = aggregate === "SUM" ? 1 : 1 / of.trees;
    return {
      ...of,
      leaves: of.leaves.map((leaf) => ({ ...leaf, values: leaf.values.map((v) => (Number.isNaN(v) ? 0 : v * factor)) })),
    };
  }
  const combinations = trees.reduce((n, leaves) => n * leaves.length, 1);
  if (combinations > MOST_COMBINATIONS)
    throw fail("Unsupported", {
      what: `cannot explain ${opName(node)} exactly`,
      where: `node '${nodeLabel(node)}'`,
      why: `it takes the ${aggregate === "MIN" ? "least" : "largest"} value of ${trees.length} trees, of which there are ${combinations} combinations of leaves (at most ${MOST_COMBINATIONS} are written out)`,
      fix: "--method shapley or kernel-shap ask the model alone",
    });
  const pick = aggregate === "MIN" ? Math.min : Math.max;
  const both = (a: number, b: number) => (Number.isNaN(a) ? b : Number.isNaN(b) ? a : pick(a, b));
  const [first = [], ...others] = trees;
  const joint = others.reduce<readonly Leaf[]>(
    (all, leaves) =>
      all.flatMap((a) =>
        leaves.map((b) => ({ tree: 0, path: [...a.path, ...b.path], values: a.values.map((v, k) => both(v, b.values[k]!)) })),
      ),
    first,
  );
  return {
    ...of,
    trees: 1,
    leaves: joint.map((leaf) => ({ ...leaf, values: leaf.values.map((v) => (Number.isNaN(v) ? 0 : v)) })),
  };
};
