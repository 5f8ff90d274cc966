/** Layer-wise relevance propagation: the rules come from a composite, or are written out. */

import { compiled } from "./compiled.ts";
import { LRP } from "./lrp-parameters.ts";

export const lrp = compiled({
  card: {
    name: "lrp",
    family: "relevance",
    classDiscriminative: true,
    what: "relevance handed back from layer to layer, each layer by the rule its composite names",
    assumes:
      "the composite fits the architecture, as auto sees to; z⁺ on all layers with seed one gives much the same map to every class",
    conserves: "the seed, less what the ledger names",
    cost: "1 pass of 2 to 3 F",
    source: "Bach et al. 2015; Montavon et al. 2019",
    parameters: LRP,
  },
  flow: "relevance",
});
