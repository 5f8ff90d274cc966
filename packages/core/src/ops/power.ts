/**
 * Pow: y = xᵖ. With a constant exponent an activation; else a product of two values: ∂y/∂x = p xᵖ⁻¹, ∂y/∂p = y ln x.
 * Where x ≤ 0 the second has no value, and 0 is taken.
 */
import { activation, activationOps } from "./activations.ts";
import { weighed } from "./guard.ts";
import { type Op, unbroadcastTo, varying } from "./role.ts";

export const Pow: Op = (node, facts) => {
  const [x, exponent, y] = [...node.input, ...node.output] as [string, string, string];
  const sameShape = facts.shapeOf(x).join() === facts.shapeOf(y).join();
  if (facts.isConstant(exponent) && sameShape) return activation("Pow")(node, facts);
  return {
    kind: "product",
    inputs: varying(node, facts),
    vjp: (site, [r], i) => {
      const { g } = site;
      const slope =
        i === 0
          ? activationOps.Pow!.derivative(site, x, y)
          : g.mul(g.mul(y, g.above(x, 0)), g.op("Log", [g.atLeast(x, 2 ** -126)]));
      return unbroadcastTo(site, weighed(site, r!, slope), i);
    },
  };
};
