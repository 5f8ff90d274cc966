/** The gradient times itself. */
import { compiled } from "./compiled.ts";

export const sensitivity = compiled({
  card: {
    name: "sensitivity",
    family: "gradient",
    classDiscriminative: true,
    what: "the squared gradient: how strongly the score answers to each value, whatever the sign",
    assumes: "the slope at the input says something of the score; it explains changes of the score, not the score",
    conserves: "the squared norm of the gradient",
    cost: "1 G",
    source: "Gevrey, Dimopoulos, Lek 2003; Simonyan et al. 2014",
    parameters: {},
  },
  flow: "derivative",
  times: () => "itself",
});
