import { CONVOLUTION, type Composite, conv, dense, EPSILON, first } from "./composite.ts";

/**
 * Our own, for nets of depthwise convolutions: gamma-depth, but ε where a linear bottleneck is widened. What is read there has either
 * sign, so that γ and z⁺ are three products where ε is one, and the maps are no worse; layers that lead into a bottleneck need γ
 * (docs/decisions).
 */
export const gammaBottleneck: Composite = {
  name: "gamma-bottleneck",
  what: "flat first, ε on convolutions that widen a linear bottleneck, z⁺ on others with large maps, γ on those above, ε on dense layers",
  source: "backlit; chosen by symmetric relevance gain",
  parameters: {
    ...EPSILON,
    gamma: { what: "γ of the convolutions with small maps that widen no bottleneck", default: 0.1, min: 0 },
  },
  rules: ({ epsilon, gamma }) => [
    first({ name: "flat" }),
    { match: { op: CONVOLUTION, expansion: true }, rule: { name: "epsilon", epsilon } },
    { match: { op: CONVOLUTION, mapAbove: "half-stride" }, rule: { name: "zplus" } },
    conv({ name: "gamma", gamma }),
    dense({ name: "epsilon", epsilon }),
  ],
};
