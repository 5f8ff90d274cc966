/** Deconvolution: at rectifiers what is positive, on or off. */
import { compiled } from "./compiled.ts";

export const deconvnet = compiled({
  card: {
    name: "deconvnet",
    family: "gradient",
    classDiscriminative: false,
    slope: true,
    what: "the gradient, of which ReLUs let through what is positive, on or off",
    assumes: "the activations are ReLUs or ReLU6; the map shows edges that the network sees, hardly the class",
    conserves: "nothing",
    cost: "1 G",
    source: "Zeiler, Fergus 2014",
    parameters: {},
  },
  flow: "derivative",
  activation: { at: "rectifier", why: "deconvolution at a rectifier", rule: () => ({ name: "deconv" }) },
});
