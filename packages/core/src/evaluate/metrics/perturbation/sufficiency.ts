/** Sufficiency (DeYoung et al. 2020): what the model loses when it sees the most relevant units only. */
import type { Metric } from "../../metric.ts";
import { RATIONALE, rationale } from "./rationale.ts";

export const sufficiency: Metric = {
  card: {
    name: "sufficiency",
    family: "perturbation",
    what: "fall of the score with nothing but the top shares of units",
    definition: "mean over shares of f(x) − f(the ⌈share · n⌉ most relevant units alone)",
    source:
      "DeYoung et al. 2020, ERASER: a benchmark to evaluate rationalized NLP models, eq. 2 (aggregated over the top 1, 5, 10, 20, 50 %)",
    scores: {
      sufficiency: { what: "mean fall: 0 where the top units are enough", direction: "lower", range: "−1 to 1 (probability)" },
    },
    cost: "(1 + fractions) × repeats F",
    criticism:
      "With half and more of the input imputed, the model is far from what it was trained on: the imputer decides much. A model that is sure of a class by default makes every map sufficient.",
    parameters: RATIONALE,
  },
  measure: (trial) => rationale(trial, "sufficiency", true),
};
