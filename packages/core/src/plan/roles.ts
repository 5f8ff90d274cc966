/** The role of every node on the way, and what becomes of nodes without one. */
import { flowOf } from "../compiled/index.ts";
import { fail } from "../errors.ts";
import type { Facts } from "../graph/facts.ts";
import { type GraphNode, nodeLabel, opName } from "../graph/graph.ts";
import { nothingFlows } from "../ops/constant-pieces.ts";
import { type Role, roleOf } from "../ops/index.ts";
import { isTrees } from "../trees/index.ts";
import { type Ends, nodesOnPath } from "./carriers.ts";
import { ASKING } from "./reaches.ts";
import type { ResolvedRecipe } from "./recipe.ts";

/** Trees, in a difference: they have no slope (emit/trees/pairwise.ts). */
export const TREES: Role = { kind: "selection", inputs: [0], vjp: () => "" };
const DETACHED: Role = { kind: "structural", inputs: [], vjp: () => "" };

/** What is said of a node without a rule whose relevance is dropped. */
export const detachedNotice = (node: GraphNode, why: string): string =>
  `${opName(node)} '${nodeLabel(node)}' is detached: ${why}`;

export interface Resolved {
  readonly node: GraphNode;
  readonly role: Role;
  readonly unsupported?: string;
}

/**
 * Roles of all nodes; those without one are detached, or are one error that counts them. Where no relevance can go, none is needed:
 * the node's results are positions, sizes, conditions, or lead to nothing else.
 */
export const resolveRoles = (
  nodes: readonly GraphNode[],
  facts: Facts,
  ends: Ends,
  { recipe, notices }: { readonly recipe: ResolvedRecipe; readonly notices: string[] },
): readonly Resolved[] => {
  const jumps = flowOf(recipe) === "difference";
  const found = new Map(nodes.map((node) => [node, jumps && isTrees(node) ? TREES : roleOf(node, facts)]));
  const needed = nodesOnPath(found, ends);
  const resolved = nodes.map((node): Resolved => {
    const role = found.get(node)!;
    if (typeof role !== "string") return { node, role };
    if (!needed.has(node)) return { node, role: nothingFlows(node, facts) as Role };
    return { node, role: DETACHED, unsupported: facts.whyLeft(node) ?? role };
  });
  const missing = resolved.filter(({ unsupported }) => unsupported !== undefined);
  const [first, ...others] = missing;
  if (first === undefined) return resolved;
  if (recipe.onUnsupported === "detach") {
    for (const { node, unsupported } of missing) notices.push(detachedNotice(node, unsupported!));
    return resolved;
  }
  const more = others.length === 0 ? "" : ` (and ${others.length} more of ${nodes.length} nodes)`;
  throw fail("Unsupported", {
    what: `cannot explain through ${opName(first.node)}`,
    where: `node '${nodeLabel(first.node)}'`,
    why: `${first.unsupported}${more}`,
    fix: `take ${ASKING}; explain a value after it with --explain; or drop its relevance with --on-unsupported detach; inspect lists all`,
  });
};
