/** From nodes that name their children to leaves that name their way from the root. */
import type { GraphNode } from "../graph/graph.ts";
import type { Leaf, Literal, Split } from "./ensemble.ts";
import { malformed } from "./numbers.ts";

export interface Branch {
  readonly split: Split;
  readonly yes: Child;
  readonly no: Child;
}

/** A node by its key, or a leaf by its own. */
export type Child = { readonly branch: string } | { readonly leaf: string };

export interface Forest {
  readonly roots: readonly Child[];
  readonly branches: ReadonlyMap<string, Branch>;
  readonly values: ReadonlyMap<string, readonly number[]>;
  /** Of a leaf that no value is given for. */
  readonly nothing: readonly number[];
}

/** All different splits, and the leaves of all trees. Errors: BadModel for children that are not there, or have two parents. */
export const grow = (node: GraphNode, { roots, branches, values, nothing }: Forest) => {
  const splits: Split[] = [];
  const numbers = new Map<string, number>();
  const numberOf = (split: Split): number => {
    const key = JSON.stringify(Object.values({ ...split, value: String(split.value) }));
    const known = numbers.get(key) ?? splits.push(split) - 1;
    numbers.set(key, known);
    return known;
  };
  const leaves: Leaf[] = [];
  const seen = new Set<string>();
  roots.forEach((root, tree) => {
    const stack: { readonly at: Child; readonly path: readonly Literal[] }[] = [{ at: root, path: [] }];
    for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
      const { at, path } = top;
      if ("leaf" in at) {
        leaves.push({ tree, path, values: values.get(at.leaf) ?? nothing });
        continue;
      }
      const branch = branches.get(at.branch);
      if (branch === undefined) throw malformed(node, `there is no node ${at.branch}`);
      if (seen.has(at.branch)) throw malformed(node, `two ways lead to node ${at.branch}`);
      seen.add(at.branch);
      const { yes, no } = branch;
      // A tree of one leaf is written as a node both of whose children are that leaf.
      if ("leaf" in yes && "leaf" in no && yes.leaf === no.leaf) {
        stack.push({ at: yes, path });
        continue;
      }
      const split = numberOf(branch.split);
      stack.push({ at: no, path: [...path, { split, yes: false }] });
      stack.push({ at: yes, path: [...path, { split, yes: true }] });
    }
  });
  return { splits, leaves };
};
