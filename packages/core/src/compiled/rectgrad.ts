/** Rectified gradients: of each layer the strongest ReLUs only. */
import { compiled } from "./compiled.ts";

export const rectgrad = compiled({
  card: {
    name: "rectgrad",
    family: "gradient",
    classDiscriminative: true,
    what: "the gradient through the strongest ReLUs of each layer only, those whose output times gradient is large",
    assumes: "the activations are ReLUs; at 0 it is the gradient",
    conserves: "nothing",
    cost: "1 G and a sort of each layer",
    source: "Kim et al. 2019",
    parameters: {
      percentile: { what: "share of each layer that is cut, in %", default: 98, min: 0, max: 100 },
      multiply: { what: "what the map is multiplied by", default: "input", choices: ["input", "none"] },
    },
  },
  flow: "derivative",
  activation: {
    at: "relu",
    why: "the strongest of the layer only",
    rule: ({ percentile }) => ({ name: "rectgrad", percentile }),
  },
  times: ({ multiply }) => (multiply === "input" ? "input" : "nothing"),
});
