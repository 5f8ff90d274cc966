/** The gradient with ReLUs bent into softplus. */
import { checkRule } from "../rules/index.ts";
import { compiled } from "./compiled.ts";

export const betaSmooth = compiled({
  card: {
    name: "beta-smooth",
    family: "gradient",
    classDiscriminative: true,
    slope: true,
    what: "the gradient with ReLUs bent into softplus: less of the noise of sharp kinks",
    assumes: "the activations are ReLUs",
    conserves: "nothing",
    cost: "1 G",
    source: "Dombrowski et al. 2019",
    parameters: { beta: { what: "sharpness of the softplus, above 0; a ReLU in the limit", default: 10, min: 0 } },
  },
  flow: "derivative",
  activation: { at: "relu", why: "smoothed derivative at a ReLU", rule: ({ beta }) => ({ name: "beta-smooth", beta }) },
  read: { beta: (value) => checkRule({ name: "beta-smooth", ...(value !== undefined && { beta: value }) }).beta },
  held: true,
});
