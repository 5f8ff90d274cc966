/** Operators from outside: of domains of one's own, or standard ones without a role. */
import { enter, malformed } from "../cards/define.ts";
import { opName } from "../graph/graph.ts";
import { operators } from "./index.ts";
import type { Op } from "./role.ts";

export interface OperatorDefinition {
  /** As nodes name it; absent or "" is ai.onnx. */
  readonly domain?: string;
  readonly opType: string;
  /** What a node of it is to an explanation; a text says why it is nothing. */
  readonly role: Op;
}

/**
 * Adds an operator: from now on models are explained through it, in all methods. The runtime that runs the model must know it.
 * Errors: BadDefinition.
 */
export const defineOperator = ({ domain = "", opType, role }: OperatorDefinition): void => {
  if (typeof opType !== "string" || opType === "") throw malformed("operator", String(opType), "opType must be a text");
  if (typeof domain !== "string") throw malformed("operator", opType, "domain must be a text");
  if (typeof role !== "function") throw malformed("operator", opType, `role must be a function, not ${typeof role}`);
  enter(operators, { kind: "operator", name: opName({ domain, opType }), value: role, forms: {} });
};
