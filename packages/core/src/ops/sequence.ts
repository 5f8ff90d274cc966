/** CumSum adds along an axis, its adjoint from the other end; ReverseSequence turns parts of an axis round and is its own adjoint. */
import { attr, getInt } from "../onnx/attributes.ts";
import { move } from "./move.ts";
import { again, type LinearRole, type Op } from "./role.ts";

export const CumSum: Op = (node) => {
  const axis = node.input[1]!;
  const role: LinearRole = {
    kind: "sum",
    inputs: [0],
    positive: true,
    nonnegative: (input) => input(0),
    apply: (site, [x]) => again(site, [x!, axis]),
    adjoint: ({ g }, s) => {
      const rest = node.attribute.filter(({ name }) => name !== "reverse");
      const attribute = [...rest, attr.int("reverse", 1 - getInt(node, "reverse", 0))];
      return g.emit({ opType: "CumSum", domain: "", input: [s, axis], attribute })[0]!;
    },
    vjp: (site, [r], i) => role.adjoint(site, r!, i),
  };
  return role;
};

export const ReverseSequence: Op = (node, facts) => move(node, facts, [0], (site, [r]) => again(site, [r!, node.input[1]!]));
