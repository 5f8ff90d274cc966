/** TreeEnsembleClassifier and TreeEnsembleRegressor: nodes by tree and number, weights of leaves by class or target. */
import type { GraphNode } from "../graph/graph.ts";
import { getInt, getInts, getStrings } from "../onnx/attributes.ts";
import { aggregated, aggregateNamed } from "./aggregate.ts";
import type { Ensemble, Mode } from "./ensemble.ts";
import { type Branch, type Child, grow } from "./grow.ts";
import { each, floatsOf, intsOf, malformed } from "./numbers.ts";

const MODES: Readonly<Record<string, Mode>> = {
  BRANCH_LEQ: "<=",
  BRANCH_LT: "<",
  BRANCH_GTE: ">=",
  BRANCH_GT: ">",
  BRANCH_EQ: "==",
  BRANCH_NEQ: "!=",
};

/** Where the weights of leaves stand: by class, or by target. */
const kindOf = (node: GraphNode): "class" | "target" => (node.opType === "TreeEnsembleClassifier" ? "class" : "target");

/** Labels of the classes; none of a regressor. */
export const classCount = (node: GraphNode): number =>
  getStrings(node, "classlabels_strings")?.length || (getInts(node, "classlabels_int64s")?.length ?? 0);

/** Weights of leaves: which output, how much. */
export const weightsOf = (node: GraphNode) => {
  const kind = kindOf(node);
  const weights = floatsOf(node, `${kind}_weights`) ?? [];
  const list = (name: string) => each(node, `${kind}_${name}`, intsOf(node, `${kind}_${name}`) ?? [], weights.length);
  return { weights, outputs: list("ids"), trees: list("treeids"), nodes: list("nodeids") };
};

/** Errors: BadModel; Unsupported for minima and maxima over many trees. */
export const readClassic = (node: GraphNode): Ensemble => {
  const ids = intsOf(node, "nodes_nodeids") ?? [];
  const list = <T>(name: string, all: readonly T[] | undefined) => each(node, name, all, ids.length);
  const trees = list("nodes_treeids", intsOf(node, "nodes_treeids"));
  const modes = list("nodes_modes", getStrings(node, "nodes_modes"));
  const features = list("nodes_featureids", intsOf(node, "nodes_featureids"));
  const values = list("nodes_values", floatsOf(node, "nodes_values"));
  const yes = list("nodes_truenodeids", intsOf(node, "nodes_truenodeids"));
  const no = list("nodes_falsenodeids", intsOf(node, "nodes_falsenodeids"));
  const missing = intsOf(node, "nodes_missing_value_tracks_true") ?? [];
  const keyOf = (tree: number, id: number) => `${tree}:${id}`;
  const isLeaf = new Set(ids.flatMap((id, i) => (modes[i] === "LEAF" ? [keyOf(trees[i]!, id)] : [])));
  const child = (tree: number, id: number): Child => {
    const key = keyOf(tree, id);
    return isLeaf.has(key) ? { leaf: key } : { branch: key };
  };
  const branches = new Map<string, Branch>();
  const roots = new Map<number, Child>();
  const named = new Set<string>();
  ids.forEach((id, i) => {
    const tree = trees[i]!;
    if (modes[i] === "LEAF") return;
    const mode = MODES[modes[i]!];
    if (mode === undefined) throw malformed(node, `nodes_modes has '${modes[i]}'`);
    const split = { feature: features[i]!, mode, value: values[i]!, members: [], missing: missing[i] === 1 };
    branches.set(keyOf(tree, id), { split, yes: child(tree, yes[i]!), no: child(tree, no[i]!) });
    named.add(keyOf(tree, yes[i]!)).add(keyOf(tree, no[i]!));
  });
  // A root is a node that is nobody's child; of circles the first node stands for it, and they are refused below.
  ids.forEach((id, i) => {
    const tree = trees[i]!;
    if (!roots.has(tree) && !named.has(keyOf(tree, id))) roots.set(tree, child(tree, id));
  });
  ids.forEach((id, i) => {
    if (!roots.has(trees[i]!)) roots.set(trees[i]!, child(trees[i]!, id));
  });
  const given = weightsOf(node);
  const outputs = kindOf(node) === "class" ? classCount(node) : (getInt(node, "n_targets") ?? 1);
  const at = new Map<string, number[]>();
  const nothing = Array.from({ length: outputs }, () => Number.NaN);
  given.weights.forEach((weight, i) => {
    const output = given.outputs[i]!;
    if (output < 0 || output >= outputs) throw malformed(node, `a leaf has output ${output} of ${outputs}`);
    const key = keyOf(given.trees[i]!, given.nodes[i]!);
    const own = at.get(key) ?? [...nothing];
    own[output] = (Number.isNaN(own[output]) ? 0 : own[output]!) + weight;
    at.set(key, own);
  });
  const base = floatsOf(node, "base_values") ?? [];
  return aggregated(node, aggregateNamed(node), {
    ...grow(node, { roots: [...roots.values()], branches, values: at, nothing }),
    trees: roots.size,
    outputs,
    base: Array.from({ length: outputs }, (_, k) => base[k] ?? 0),
  });
};
