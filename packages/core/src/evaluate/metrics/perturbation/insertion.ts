/** Insertion (Petsiuk et al. 2018): the other causal metric of RISE. */
import { IMPUTER } from "../../imputers/index.ts";
import type { Metric } from "../../metric.ts";
import { AGGREGATE, REPEATS, UNIT } from "../../removal/parameters.ts";
import { STEPS } from "../../removal/schedule.ts";
import { SCORE } from "../../removal/score.ts";
import { areaUnder } from "./family.ts";

export const insertion: Metric = {
  card: {
    name: "insertion",
    family: "perturbation",
    what: "area under the score while the most relevant pixels are put back into an imputed (blurred) sample",
    definition: "AUC = ∫₀¹ f(imputed sample with its share s of most relevant pixels put back) ds, by trapezoids",
    source: "Petsiuk, Das and Saenko 2018, RISE: randomized input sampling for explanation of black-box models",
    scores: {
      auc: { what: "area under the insertion curve", direction: "higher", range: "0 to 1 (probability)" },
    },
    cost: "steps × repeats F",
    criticism:
      "What it starts from decides much: blur keeps the coarse shape, so that some classes are found at once. It equals the area of the reversed order deleted, and so prefers maps that keep the object whole.",
    parameters: {
      unit: { ...UNIT, default: "pixel" },
      imputer: { ...IMPUTER, default: "blur" },
      score: SCORE,
      steps: { ...STEPS, default: "linear:100" },
      aggregate: AGGREGATE,
      repeats: REPEATS,
    },
  },
  measure: (trial) => areaUnder(trial, { insertion: true }),
};
