/** Softmax y and log-softmax: Jᵀg = y ⊙ (g − Σ y g) and g − softmax Σ g, along the op's axis. */
import { getInt } from "../onnx/attributes.ts";
import type { Op } from "./role.ts";

export const Softmax: Op = (node) => ({
  kind: "softmax",
  inputs: [0],
  nonnegative: () => true,
  vjp: ({ g }, [r]) => {
    const y = node.output[0]!;
    return g.mul(y, g.sub(r!, g.reduceSum(g.mul(y, r!), [getInt(node, "axis", -1)])));
  },
});

export const LogSoftmax: Op = (node) => ({
  kind: "softmax",
  inputs: [0],
  vjp: ({ g }, [r]) => g.sub(r!, g.mul(g.op("Exp", [node.output[0]!]), g.reduceSum(r!, [getInt(node, "axis", -1)]))),
});
