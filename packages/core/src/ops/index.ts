/** Operators by name (registry.ts). `roleOf` says what a node is to an explanation, or why it cannot be explained. */
import type { Facts } from "../graph/facts.ts";
import { type GraphNode, opName } from "../graph/graph.ts";
import { registry } from "./registry.ts";
import type { Op, Role } from "./role.ts";
import { unsupported } from "./unsupported.ts";

const entries = Object.values(registry).flatMap((family) => Object.entries(family));

/** Those with a role. */
export const operators: Readonly<Record<string, Op>> = Object.fromEntries(entries.map(([name, { op }]) => [name, op]));

export const roleOf = (node: GraphNode, facts: Facts): Role | string => {
  const name = opName(node); // of a file: it may be "constructor"
  const op = [operators, unsupported].find((table) => Object.hasOwn(table, name))?.[name];
  return op?.(node, facts) ?? `backlit has no rule for the operator ${opName(node)}`;
};
export * from "./guard.ts";
export { blockable, minus, plus } from "./maps.ts";
export { reducedAxes, restoreAxes } from "./reduce.ts";
export * from "./role.ts";
