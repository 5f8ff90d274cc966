/** Guided backpropagation: at rectifiers what is positive, where they are on. */
import { compiled } from "./compiled.ts";

export const guidedBackprop = compiled({
  card: {
    name: "guided-backprop",
    family: "gradient",
    classDiscriminative: false,
    slope: true,
    what: "the gradient, of which ReLUs let through what is positive, where they are on",
    assumes: "the activations are ReLUs or ReLU6; the map shows edges that the network sees, hardly the class",
    conserves: "nothing",
    cost: "1 G",
    source: "Springenberg et al. 2015",
    parameters: {},
  },
  flow: "derivative",
  activation: { at: "rectifier", why: "guided backpropagation at a rectifier", rule: () => ({ name: "guided" }) },
});
