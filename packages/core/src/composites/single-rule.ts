import { type Composite, EPSILON, every } from "./composite.ts";

/** One rule on every layer with weights. */
export const epsilonOnly: Composite = {
  name: "epsilon",
  what: "ε everywhere",
  source: "Bach et al. 2015",
  parameters: EPSILON,
  rules: ({ epsilon }) => [every({ name: "epsilon", epsilon })],
};

/** ε so small that only exact zeros are damped: the plain z-rule, gradient × input on bias-free ReLU networks. */
export const lrpZero: Composite = {
  name: "lrp-zero",
  what: "ε = 1e-12 everywhere: the undamped z-rule",
  source: "Bach et al. 2015, eq. 56",
  parameters: {},
  stabilizer: 1e-12,
  rules: () => [every({ name: "epsilon", epsilon: 1e-12 })],
};

export const zplusOnly: Composite = {
  name: "zplus",
  what: "z⁺ everywhere",
  source: "Montavon et al. 2017",
  parameters: {},
  rules: () => [every({ name: "zplus" })],
};

export const gammaOnly: Composite = {
  name: "gamma",
  what: "γ everywhere",
  source: "Montavon et al. 2019",
  parameters: { gamma: { what: "γ of every layer", default: 0.25, min: 0 } },
  rules: ({ gamma }) => [every({ name: "gamma", gamma })],
};

/** z⁺ everywhere, activations by their derivative (Zhang et al. 2016). */
export const excitationBackprop: Composite = {
  ...zplusOnly,
  name: "excitation-backprop",
  what: "z⁺ everywhere, activations by their derivative",
  source: "Zhang et al. 2016",
  activation: "gradient",
};
