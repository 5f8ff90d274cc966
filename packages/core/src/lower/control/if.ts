/** If whose condition is the same in every run: the branch that is taken, in place. */
import { getGraph } from "../../onnx/attributes.ts";
import type { Expansion } from "../pass.ts";
import { Body } from "./body.ts";

export const If: Expansion = (node, { g, facts, fix }) => {
  const condition = node.input[0]!;
  if (!facts.isConstant(condition))
    return "which branch is taken depends on the values of the input (one that only sets the model up can be held: --hold name=value)";
  const taken = facts.numbers(condition)?.[0];
  if (taken === undefined) return fix({ value: condition, what: "which branch is taken" });
  const branch = getGraph(node, taken !== 0 ? "then_branch" : "else_branch");
  return branch && new Body(branch, g).write([]);
};
