/**
 * Pow: y = xᵖ. With a constant exponent an activation; else a product of two values: ∂y/∂x = p xᵖ⁻¹, ∂y/∂p = y ln x.
 * Where x ≤ 0 the second has no value, and 0 is taken.
 */
import { DataType } from "../onnx/proto.ts";
import { activation } from "./activations.ts";
import { type Op, unbroadcast, varying } from "./role.ts";

export const Pow: Op = (node, facts) => {
  const [x, exponent, y] = [...node.input, ...node.output] as [string, string, string];
  const sameShape = facts.shapeOf(x).join() === facts.shapeOf(y).join();
  if (facts.isConstant(exponent) && sameShape) return activation("Pow")(node, facts);
  return {
    kind: "product",
    inputs: varying(node, facts),
    vjp: ({ g }, [r], i) => {
      const p = g.op("Cast", [exponent], { to: DataType.FLOAT });
      const slope =
        i === 0
          ? g.mul(p, g.op("Pow", [x, g.sub(p, g.floats(1))]))
          : g.mul(g.mul(y, g.above(x, 0)), g.op("Log", [g.atLeast(x, 2 ** -126)]));
      return unbroadcast(g, g.mul(r!, slope), facts.shapeOf(y), facts.shapeOf(node.input[i]!), node.input[i]!);
    },
  };
};
