/** The gradient times the input. */
import { compiled } from "./compiled.ts";

export const gradientXInput = compiled({
  card: {
    name: "gradient-x-input",
    family: "gradient",
    classDiscriminative: true,
    what: "the gradient times the input",
    assumes: "zero means absence; the slope at the input holds on the way from zero",
    conserves: "f(x) where all layers are homogeneous (ReLU, no biases), else nothing",
    cost: "1 G",
    source: "Shrikumar et al. 2016",
    parameters: {},
  },
  flow: "derivative",
  times: () => "input",
});
