/** AttnLRP is LRP with the composite of that name. */
import { attnlrp as attnlrpComposite } from "../composites/attention.ts";
import { compiled } from "./compiled.ts";
import { BATCHNORM, epsilonsOf } from "./lrp-parameters.ts";

export const attnlrp = compiled({
  card: {
    name: "attnlrp",
    family: "relevance",
    classDiscriminative: true,
    what: "relevance through attention: matrix products half to each operand, softmax by its Taylor expansion",
    assumes: "a transformer",
    conserves: "the seed, less biases and the remainder of the softmax",
    cost: "1 pass of about 3 F",
    source: "Achtibat et al. 2024",
    parameters: { ...epsilonsOf(attnlrpComposite), batchnorm: BATCHNORM },
  },
  flow: "relevance",
  composite: attnlrpComposite.name,
});
