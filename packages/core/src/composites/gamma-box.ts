import { BOX, type Composite, conv, dense, EPSILON, first } from "./composite.ts";

/**
 * Our own: z^B on the first layer, or flat where no box is known, γ on the other convolutions, ε on dense layers and on batch norms that
 * stay (docs/decisions).
 */
export const gammaBox: Composite = {
  name: "gamma-box",
  what: "z^B first (flat where no box is known), γ on convolutions, ε on dense layers and on batch norms that stay",
  source: "after Montavon et al. 2019; chosen by symmetric relevance gain",
  parameters: { ...EPSILON, gamma: { what: "γ of the convolutions", default: 0.25, min: 0 }, ...BOX },
  batchnorm: "layer",
  rules: ({ epsilon, gamma, low, high }) => [
    first(low === undefined || high === undefined ? { name: "flat" } : { name: "zbox", low, high }),
    conv({ name: "gamma", gamma }),
    dense({ name: "epsilon", epsilon }),
  ],
};
