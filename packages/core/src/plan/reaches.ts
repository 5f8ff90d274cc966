/** Whether relevance can reach what is explained at all: where every path ends on the way, its map is zero whatever is fed. */
import { fail } from "../errors.ts";
import { type GraphNode, nodeLabel, opName } from "../graph/graph.ts";
import type { Role } from "../ops/index.ts";
import type { RuleSpec } from "../rules/index.ts";
import type { Ends } from "./carriers.ts";

/** Methods that only ask the model what it says of changed inputs, as refusals name them. */
export const ASKING = "--method shapley or kernel-shap, which only ask the model";

interface Stop {
  readonly node: GraphNode;
  readonly rule: RuleSpec;
  readonly role: Pick<Role, "inputs">;
}

/** Errors: Unsupported. `steps` in topological order. */
export const checkReached = (steps: readonly Stop[], { explained, start, whole }: Ends): void => {
  const arrives = new Set([start]);
  const ends: GraphNode[] = [];
  const given = new Set(explained);
  for (const { node, rule, role } of [...steps].reverse()) {
    if (!node.output.some((name) => arrives.has(name) && !whole.has(name))) continue;
    const moves = (i: number) => i !== rule.gate && (!whole.has(node.input[i]!) || given.has(node.input[i]!));
    const on = rule.name === "detach" ? [] : role.inputs.filter(moves);
    if (on.length === 0) ends.push(node);
    for (const i of on) arrives.add(node.input[i]!);
  }
  if (explained.length === 0 || explained.some((name) => arrives.has(name))) return;
  const [first, ...others] = ends;
  const more = others.length === 0 ? "" : ` (and at ${others.length} more)`;
  const at = first === undefined ? "nothing that hangs on it" : `${opName(first)} '${nodeLabel(first)}'${more}`;
  throw fail("Unsupported", {
    what: "relevance could only be zero",
    where: explained.map((name) => `'${name}'`).join(", "),
    why: `every path from the output ends at ${at}, whose result stays the same under small changes of its input or is held fixed`,
    fix: `take ${ASKING}, or explain a value behind it with --explain`,
  });
};
