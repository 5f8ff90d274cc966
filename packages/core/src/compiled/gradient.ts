/** The gradient of the explained score. */
import { compiled } from "./compiled.ts";

export const gradient = compiled({
  card: {
    name: "gradient",
    family: "gradient",
    classDiscriminative: true,
    slope: true,
    what: "how the score answers to a small change of each value",
    assumes: "the slope at the input says something of the way there; not so where the score is saturated",
    conserves: "nothing",
    cost: "1 G",
    source: "Baehrens et al. 2010; Simonyan et al. 2014",
    parameters: {},
  },
  flow: "derivative",
});
