/** Where and Trilu: values kept or dropped by a mask. Nothing flows to what the mask is computed from. */
import { move } from "./move.ts";
import { again, type Op, unbroadcastTo } from "./role.ts";

/** y = a where the condition holds, b elsewhere. */
export const Where: Op = (node, facts) => {
  const condition = node.input[0]!;
  return move(node, facts, [1, 2], (site, [r], i) => {
    const { g } = site;
    const mask = g.mask(condition);
    const kept = g.mul(r!, i === 1 ? mask : g.sub(g.floats(1), mask));
    return unbroadcastTo(site, kept, i);
  });
};

/** A triangle of a matrix, zeros elsewhere: the mask is its own adjoint. */
export const Trilu: Op = (node, facts) => move(node, facts, [0], (site, [r]) => again(site, [r!, ...node.input.slice(1)]));
