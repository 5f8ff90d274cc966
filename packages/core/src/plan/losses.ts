/** What a rule loses at a node, in words. */
import type { GraphNode } from "../graph/graph.ts";
import { getString } from "../onnx/attributes.ts";
import type { Role } from "../ops/index.ts";
import type { RuleSpec } from "../rules/index.ts";

export const losses = (node: GraphNode, role: Role, rule: RuleSpec): string[] => {
  if (role.kind === "structural") {
    if (role.inputs.length === 0) return ["detached: all of it"];
    return node.opType === "Pad" && getString(node, "mode", "constant") === "constant" ? ["what lands on the padding"] : [];
  }
  if (role.kind !== "linear" && role.kind !== "sum") return [];
  const lost: string[] = [];
  const biased = role.kind === "linear" && role.bias !== undefined && rule.zero_params !== "bias";
  if (biased && !["flat", "zbox", "gradient", "pass"].includes(rule.name)) lost.push("the bias's share");
  if (typeof rule.epsilon === "number" && rule.epsilon > 1e-5) lost.push(`what ε = ${rule.epsilon} damps`);
  if (["zplus", "alpha-beta"].includes(rule.name)) lost.push("outputs without such a contribution");
  return lost;
};
