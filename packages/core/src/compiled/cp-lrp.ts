/** CP-LRP is LRP with the composite of that name. */
import { cpLrp as cpLrpComposite } from "../composites/attention.ts";
import { compiled } from "./compiled.ts";
import { BATCHNORM, epsilonsOf } from "./lrp-parameters.ts";

export const cpLrp = compiled({
  card: {
    name: "cp-lrp",
    family: "relevance",
    classDiscriminative: true,
    what: "relevance through attention whose weights are held fixed",
    assumes: "a transformer, and that what is attended to matters, not why",
    conserves: "the seed, less biases",
    cost: "1 pass of about 3 F",
    source: "Ali et al. 2022",
    parameters: { ...epsilonsOf(cpLrpComposite), batchnorm: BATCHNORM },
  },
  flow: "relevance",
  composite: cpLrpComposite.name,
});
