/** What ops that move, copy or drop values have in common. */
import type { Facts } from "../graph/facts.ts";
import type { GraphNode } from "../graph/graph.ts";
import { type OtherRole, varying } from "./role.ts";

/**
 * Relevance follows the values: the vector-Jacobian product is the move back. `carriers` are the inputs whose values move; the others
 * (shapes, positions, conditions) receive nothing, even where they are computed from the input.
 */
export const move = (node: GraphNode, facts: Facts, carriers: readonly number[], vjp: OtherRole["vjp"]): OtherRole => {
  const inputs = varying(node, facts).filter((i) => carriers.includes(i));
  return { kind: "structural", inputs, vjp, nonnegative: (input) => carriers.every(input) };
};
