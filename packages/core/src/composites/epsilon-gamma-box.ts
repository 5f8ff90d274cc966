import { BOX, type Composite, conv, dense, EPSILON } from "./composite.ts";

/** z^B on the first convolution, γ on the others, ε on dense layers (Montavon et al. 2019). */
export const epsilonGammaBox: Composite = {
  name: "epsilon-gamma-box",
  what: "z^B on the first convolution, γ on the others, ε on dense layers",
  source: "Montavon et al. 2019",
  parameters: { ...EPSILON, gamma: { what: "γ of the convolutions", default: 0.25, min: 0 }, ...BOX },
  rules: ({ epsilon, gamma, low, high }) => [
    { match: { first: "convolution" }, rule: { name: "zbox", low, high } },
    conv({ name: "gamma", gamma }),
    dense({ name: "epsilon", epsilon }),
  ],
};
