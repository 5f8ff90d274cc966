/** TreeEnsemble of ai.onnx.ml 5: inner nodes and leaves in lists of their own, sets of members, one target a leaf. */
import type { GraphNode } from "../graph/graph.ts";
import { getInt } from "../onnx/attributes.ts";
import { type Aggregate, aggregated } from "./aggregate.ts";
import type { Ensemble, Mode, Split } from "./ensemble.ts";
import { type Branch, type Child, grow } from "./grow.ts";
import { each, floatsOf, intsOf, malformed } from "./numbers.ts";

const MODES: readonly Mode[] = ["<=", "<", ">=", ">", "==", "!=", "member"];
const AGGREGATES: readonly Aggregate[] = ["AVERAGE", "SUM", "MIN", "MAX"];

/** Errors: BadModel; Unsupported for minima and maxima over many trees. */
export const readCurrent = (node: GraphNode): Ensemble => {
  const features = intsOf(node, "nodes_featureids") ?? [];
  const list = <T>(name: string, all: readonly T[] | undefined) => each(node, name, all, features.length);
  const modes = list("nodes_modes", intsOf(node, "nodes_modes"));
  const values = list("nodes_splits", floatsOf(node, "nodes_splits"));
  const missing = intsOf(node, "nodes_missing_value_tracks_true") ?? [];
  const children = (side: "true" | "false"): readonly Child[] => {
    const leafs = list(`nodes_${side}leafs`, intsOf(node, `nodes_${side}leafs`));
    return list(`nodes_${side}nodeids`, intsOf(node, `nodes_${side}nodeids`)).map((id, i) =>
      leafs[i] ? { leaf: String(id) } : { branch: String(id) },
    );
  };
  const [yes, no] = [children("true"), children("false")];
  const sets = setsOf(floatsOf(node, "membership_values") ?? []);
  const branches = new Map<string, Branch>();
  modes.forEach((code, i) => {
    const mode = MODES[code];
    if (mode === undefined) throw malformed(node, `nodes_modes has ${code}`);
    const members = mode === "member" ? sets.shift() : [];
    if (members === undefined) throw malformed(node, "there are fewer sets than nodes that ask for one");
    const split: Split = {
      feature: features[i]!,
      mode,
      value: mode === "member" ? 0 : values[i]!,
      members,
      missing: missing[i] === 1,
    };
    branches.set(String(i), { split, yes: yes[i]!, no: no[i]! });
  });
  const outputs = getInt(node, "n_targets", 1);
  const targets = intsOf(node, "leaf_targetids") ?? [];
  const weights = each(node, "leaf_weights", floatsOf(node, "leaf_weights"), targets.length);
  const nothing = Array.from({ length: outputs }, () => Number.NaN);
  const leaves = targets.map((target, i): [string, readonly number[]] => {
    if (target < 0 || target >= outputs) throw malformed(node, `a leaf has target ${target} of ${outputs}`);
    return [String(i), nothing.map((none, k) => (k === target ? weights[i]! : none))];
  });
  const roots = (intsOf(node, "tree_roots") ?? []).map((id, i): Child => {
    if (id < 0 || id >= features.length) throw malformed(node, `tree ${i} starts at node ${id} of ${features.length}`);
    return { branch: String(id) };
  });
  const grown = grow(node, { roots, branches, values: new Map(leaves), nothing });
  const aggregate = AGGREGATES[getInt(node, "aggregate_function", 1)];
  if (aggregate === undefined) throw malformed(node, `aggregate_function is ${getInt(node, "aggregate_function")}`);
  const base = Array.from({ length: outputs }, () => 0);
  return aggregated(node, aggregate, { ...grown, trees: roots.length, outputs, base });
};

/** Sets stand one behind the other, each ended by NaN. */
const setsOf = (values: readonly number[]): number[][] => {
  const sets: number[][] = [];
  let open: number[] = [];
  for (const value of values) {
    if (!Number.isNaN(value)) open.push(value);
    else {
      sets.push(open);
      open = [];
    }
  }
  if (open.length > 0) sets.push(open);
  return sets;
};
