/** Softmax y and log-softmax: Jᵀg = y ⊙ (g − Σ y g) and g − softmax Σ g, along the op's axis. */
import { getInt } from "../onnx/attributes.ts";
import { finitePart, weighed } from "./guard.ts";
import type { Op } from "./role.ts";

export const Softmax: Op = (node) => ({
  kind: "softmax",
  inputs: [0],
  nonnegative: () => true,
  vjp: ({ g }, [r]) => {
    const y = finitePart(g, node.output[0]!); // nothing but masked scores makes it NaN
    return g.mul(y, g.sub(r!, g.reduceSum(g.mul(y, r!), [getInt(node, "axis", -1)])));
  },
});

export const LogSoftmax: Op = (node) => ({
  kind: "softmax",
  inputs: [0],
  vjp: (site, [r]) => {
    const { g } = site;
    return g.sub(r!, weighed(site, g.reduceSum(r!, [getInt(node, "axis", -1)]), g.op("Exp", [node.output[0]!])));
  },
});
