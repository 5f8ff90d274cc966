/** Deletion (Petsiuk et al. 2018): the causal metric of RISE. */
import { IMPUTER } from "../../imputers/index.ts";
import type { Metric } from "../../metric.ts";
import { AGGREGATE, REPEATS, UNIT } from "../../removal/parameters.ts";
import { STEPS } from "../../removal/schedule.ts";
import { SCORE } from "../../removal/score.ts";
import { areaUnder } from "./family.ts";

export const deletion: Metric = {
  card: {
    name: "deletion",
    family: "perturbation",
    what: "area under the score while the most relevant pixels are taken away",
    definition: "AUC = ∫₀¹ f(x without its share s of most relevant pixels) ds, by trapezoids",
    source: "Petsiuk, Das and Saenko 2018, RISE: randomized input sampling for explanation of black-box models",
    scores: {
      auc: { what: "area under the deletion curve", direction: "lower", range: "0 to 1 (probability)" },
    },
    cost: "steps × repeats F",
    criticism:
      "A constant colour makes edges the model never met: adversarial scatter scores well, and the imputer decides the ranks (Blücher et al. 2024). Read it with insertion, or take srg, where the imputer's own effect falls out.",
    parameters: {
      unit: { ...UNIT, default: "pixel" },
      imputer: IMPUTER,
      score: SCORE,
      steps: { ...STEPS, default: "linear:100" },
      aggregate: AGGREGATE,
      repeats: REPEATS,
    },
  },
  measure: (trial) => areaUnder(trial),
};
