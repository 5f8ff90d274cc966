/** Which rules make sense at which kind of node. */
import type { Facts } from "../graph/facts.ts";
import type { GraphNode } from "../graph/graph.ts";
import { isLinear, type Role } from "../ops/index.ts";
import { type RuleSpec, rules } from "../rules/index.ts";

/** Rules that only rescale by the node's own output: any node has one. */
const HOMOGENEOUS = new Set(["epsilon", "norm"]);
const RELU_ONLY = new Set(["beta-smooth", "rectgrad"]);
/** ReLU, and ReLU6: a Clip at 0. */
const RECTIFIER_ONLY = new Set(["guided", "deconv"]);
const ONE_KIND: Readonly<Record<string, Role["kind"]>> = {
  uniform: "product",
  bilinear: "bilinear",
  taylor: "softmax",
  winner: "selection",
  follow: "structural",
};

/** Why a rule cannot be used at a node; undefined when it can. */
export const misfit = ({ name }: RuleSpec, role: Role, node: GraphNode, facts: Facts): string | undefined => {
  if (RELU_ONLY.has(name)) return role.kind === "activation" && role.relu ? undefined : "it is a rule for ReLUs";
  if (RECTIFIER_ONLY.has(name))
    return role.kind === "activation" && role.cutsNegative ? undefined : "it is a rule for ReLUs and ReLU6";
  if (name === "signal-takes-all")
    return role.kind === "product" || role.kind === "bilinear" ? undefined : "it is a rule for products of two values";
  const kind = ONE_KIND[name];
  if (kind !== undefined) return role.kind === kind ? undefined : `it is a rule for ${kind} nodes`;
  if (name === "pass")
    return role.kind !== "linear" && role.kind !== "sum"
      ? undefined
      : role.inputs.every((i) => facts.shapeOf(node.input[i]!).join() === facts.shapeOf(node.output[0]!).join())
        ? undefined
        : "its input and output have different shapes, so relevance cannot pass unchanged";
  if (rules[name]?.groups === undefined || HOMOGENEOUS.has(name)) return undefined;
  if (!isLinear(role)) return "it is a rule for layers that are sums";
  if (role.kind === "sum" && role.positive !== true) return "it has coefficients of both signs but no weights to take apart";
  return undefined;
};
