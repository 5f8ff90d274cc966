/** Comprehensiveness (DeYoung et al. 2020): what the model loses without the most relevant units. */
import type { Metric } from "../../metric.ts";
import { RATIONALE, rationale } from "./rationale.ts";

export const comprehensiveness: Metric = {
  card: {
    name: "comprehensiveness",
    family: "perturbation",
    what: "fall of the score without the top shares of units",
    definition: "mean over shares of f(x) − f(x without its ⌈share · n⌉ most relevant units)",
    source:
      "DeYoung et al. 2020, ERASER: a benchmark to evaluate rationalized NLP models, eq. 1 (aggregated over the top 1, 5, 10, 20, 50 %)",
    scores: {
      comprehensiveness: {
        what: "mean fall: were all units needed in the top ones?",
        direction: "higher",
        range: "−1 to 1 (probability)",
      },
    },
    cost: "(1 + fractions) × repeats F",
    criticism:
      "What is left is no natural input, so a fall may be surprise and not missing evidence. The paper's mean divides by the number of shares and one more (the empty one); here by the shares. Bounds differ from sample to sample (naopc).",
    parameters: RATIONALE,
  },
  measure: (trial) => rationale(trial, "comprehensiveness", false),
};
