/** Deep Taylor decomposition is LRP with the composite of that name. */
import { deepTaylor as composite } from "../composites/deep-taylor.ts";
import { compiled } from "./compiled.ts";
import { LRP } from "./lrp-parameters.ts";

const bound = (which: string) => ({
  what: `${which} value of the input, one number or one per channel; without one: the preprocessing's, else the input has no bounds`,
  default: "",
});

export const deepTaylor = compiled({
  card: {
    name: "deep-taylor",
    family: "relevance",
    classDiscriminative: false,
    what: "each layer's relevance expanded at a root point in the domain of its input",
    assumes: "ReLU layers whose biases are not positive, and a positive score; explain --consistency looks at the maps",
    conserves: "the seed, less biases and dead ends",
    cost: "1 pass of 2 to 3 F",
    source: composite.source,
    parameters: { low: bound("least"), high: bound("largest"), ...LRP },
  },
  flow: "relevance",
  composite: composite.name,
});
