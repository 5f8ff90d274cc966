/** Excitation backpropagation is LRP with the composite of that name. */

import { compiled } from "./compiled.ts";
import { LRP } from "./lrp-parameters.ts";

export const excitationBackprop = compiled({
  card: {
    name: "excitation-backprop",
    family: "relevance",
    classDiscriminative: false,
    what: "positive contributions only, on every layer: where the winning neurons got their excitation",
    assumes: "activations are not negative; the seed contrastive makes the map one of its class",
    conserves: "the seed, less biases and dead ends",
    cost: "1 pass of about 3 F",
    source: "Zhang et al. 2016",
    parameters: LRP,
  },
  flow: "relevance",
  composite: "excitation-backprop",
});
