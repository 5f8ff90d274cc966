/** Lookups that are laid side by side are one value: a one-hot for each column, a table for each hash. */

import type { Facts } from "../graph/facts.ts";
import { type GraphNode, opName, valuesRead } from "../graph/graph.ts";
import { maxOf } from "../numeric/extremes.ts";
import { getInt } from "../onnx/attributes.ts";
import { type Candidate, isLookup, type Where } from "./explained-candidates.ts";

/** Ops that hand values on, one for one. */
export const MOVES: ReadonlySet<string> = new Set([
  "Identity",
  "Cast",
  "Reshape",
  "Flatten",
  "Squeeze",
  "Unsqueeze",
  "Transpose",
  "Dropout",
]);

export const merged = (all: readonly Candidate[], where: Where): readonly Candidate[] => {
  let candidates = all;
  for (const node of where.nodes) {
    if (node.opType !== "Concat" || getInt(node, "axis", 0) === 0) continue;
    const reads = valuesRead(node).filter((name) => !where.facts.isConstant(name));
    const members = reads.map((name) => candidates.find((one) => isLookup(one) && leadsOnlyTo(one.value, name, node, where)));
    if (new Set(members).size < 2 || members.includes(undefined)) continue;
    const parts = members as Candidate[];
    const inputs = where.graph.inputs.map(({ name }) => name).filter((name) => parts.some((one) => one.inputs.includes(name)));
    const rows = maxOf(parts.map((one) => one.rows));
    const one: Candidate = { value: node.output[0]!, node, inputs, how: parts[0]!.how, rows };
    candidates = [...candidates.filter((other) => !parts.includes(other)), one];
  }
  return candidates;
};

/** Is `name`, which `end` reads, the value only moved, and read by nothing else on the way? */
const leadsOnlyTo = (value: string, name: string, end: GraphNode, { nodes, facts }: Where): boolean => {
  for (let at = value; ; ) {
    const readers = nodes.filter((node) => valuesRead(node).includes(at));
    if (readers.length !== 1) return false;
    const [reader] = readers;
    if (reader === end) return at === name;
    if (!movesAll(reader!, at, facts)) return false;
    at = reader!.output[0]!;
  }
};

/** Moved, or some of its columns picked. */
const movesAll = (node: GraphNode, value: string, facts: Facts): boolean =>
  node.input[0] === value && (MOVES.has(opName(node)) || (opName(node) === "Gather" && facts.isConstant(node.input[1]!)));
