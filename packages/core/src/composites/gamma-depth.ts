import { CONVOLUTION, type Composite, conv, dense, EPSILON, first } from "./composite.ts";

/** Our own: how strongly negative evidence is damped depends on depth, measured by the size of the map (docs/decisions). */
export const gammaDepth: Composite = {
  name: "gamma-depth",
  what: "flat first, z⁺ on convolutions with large maps, γ on those above, ε on dense layers",
  source: "backlit; chosen by symmetric relevance gain",
  parameters: {
    ...EPSILON,
    gamma: { what: "γ of the convolutions with small maps", default: 0.1, min: 0 },
    border: {
      what: "share of the input's side above which a map is large; half-stride: large is what has less than half of the net's total stride",
      default: 1 / 16,
      min: 0,
      words: ["half-stride"],
    },
  },
  asked: { border: "half-stride" },
  rules: ({ epsilon, gamma, border }) => [
    first({ name: "flat" }),
    { match: { op: CONVOLUTION, mapAbove: border as number | "half-stride" }, rule: { name: "zplus" } },
    conv({ name: "gamma", gamma }),
    dense({ name: "epsilon", epsilon }),
  ],
};
