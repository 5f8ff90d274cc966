import { type Composite, conv, dense, EPSILON, first } from "./composite.ts";

const kohlbrenner = "Kohlbrenner et al. 2020";

/** ε on dense layers, z⁺ on convolutions. */
export const epsilonPlus: Composite = {
  name: "epsilon-plus",
  what: "z⁺ on convolutions, ε on dense layers",
  source: kohlbrenner,
  parameters: EPSILON,
  rules: ({ epsilon }) => [conv({ name: "zplus" }), dense({ name: "epsilon", epsilon })],
};

export const epsilonPlusFlat: Composite = {
  ...epsilonPlus,
  name: "epsilon-plus-flat",
  what: "flat on the first layer, z⁺ on convolutions, ε on dense layers",
  rules: (p) => [first({ name: "flat" }), ...epsilonPlus.rules(p)],
};

/** ε on dense layers, α2β1 on convolutions. */
export const epsilonAlpha2Beta1: Composite = {
  name: "epsilon-alpha2-beta1",
  what: "αβ with α = 2, β = 1 on convolutions, ε on dense layers",
  source: kohlbrenner,
  parameters: EPSILON,
  rules: ({ epsilon }) => [conv({ name: "alpha-beta", alpha: 2, beta: 1 }), dense({ name: "epsilon", epsilon })],
};

export const epsilonAlpha2Beta1Flat: Composite = {
  ...epsilonAlpha2Beta1,
  name: "epsilon-alpha2-beta1-flat",
  what: "flat on the first layer, α2β1 on convolutions, ε on dense layers",
  rules: (p) => [first({ name: "flat" }), ...epsilonAlpha2Beta1.rules(p)],
};
