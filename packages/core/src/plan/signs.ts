/** Values known to be ≥ 0 from the ops that make them, never from a sample: after ReLU, sigmoid, and averages and sums of those. */
import type { Facts } from "../graph/facts.ts";
import type { Graph } from "../graph/graph.ts";
import { roleOf } from "../ops/index.ts";

export const nonnegativeValues = (graph: Graph, facts: Facts): Set<string> => {
  const known = new Set<string>();
  const constant = (name: string): boolean => facts.isConstant(name) && (facts.numbers(name)?.every((v) => v >= 0) ?? false);
  for (const node of graph.nodes) {
    if (node.output.every((name) => facts.isConstant(name))) continue;
    const role = roleOf(node, facts);
    if (typeof role === "string" || role.nonnegative === undefined) continue;
    const input = (i: number) => node.input[i] !== undefined && (known.has(node.input[i]!) || constant(node.input[i]!));
    if (role.nonnegative(input)) for (const name of node.output) known.add(name);
  }
  return known;
};
