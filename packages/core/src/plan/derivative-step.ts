/** A step that hands on the derivative, for methods whose own rule acts further in front. */
import { fail } from "../errors.ts";
import { type GraphNode, nodeLabel, opName } from "../graph/graph.ts";
import type { Role } from "../ops/index.ts";
import { ASKING } from "./reaches.ts";
import type { Step } from "./step.ts";

/** `role`: text says why the node has none. Errors: Unsupported then. */
export const derivativeStep = (node: GraphNode, role: Role | string, why: string): Step => {
  if (typeof role !== "string") return stepOf(node, role, { rule: { name: "gradient" }, why });
  throw fail("Unsupported", {
    what: `cannot explain through ${opName(node)}`,
    where: `node '${nodeLabel(node)}'`,
    why: role,
    fix: `name a value before it with --output, or take ${ASKING}`,
  });
};

/** A step by a rule of the method's own, at which nothing of the walk happens. */
export const ownStep = (node: GraphNode, rule: string, why: string): Step =>
  stepOf(node, { kind: "selection", inputs: [0], vjp: () => "" }, { rule: { name: rule }, why });

const stepOf = (node: GraphNode, role: Role, said: Pick<Step, "rule" | "why">): Step => ({
  node,
  op: role.label ?? opName(node),
  role,
  ...said,
  inputs: role.inputs,
  sharing: role.inputs,
  loses: [],
});
