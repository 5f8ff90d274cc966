/** Faithfulness estimate (Alvarez-Melis and Jaakkola 2018): every unit removed alone. */

import { pearson } from "../../../numeric/correlation.ts";
import { IMPUTER } from "../../imputers/index.ts";
import { eachSample, type Metric } from "../../metric.ts";
import { listed, singleDrops } from "../../removal/drops.ts";
import { UNIT } from "../../removal/parameters.ts";
import { type EvaluationScore, SCORE } from "../../removal/score.ts";
import { unitScores, unitsOf } from "../../removal/units.ts";

export const faithfulnessEstimate: Metric = {
  card: {
    name: "faithfulness-estimate",
    family: "faithfulness",
    what: "correlation of the relevance of each unit with what the model loses without it",
    definition: "Pearson over all units u of R_u = Σ_{i ∈ u} R_i and f(x) − f(x with u imputed)",
    source: "Alvarez-Melis and Jaakkola 2018, Towards robust interpretability with self-explaining neural networks, section 5.2",
    scores: {
      correlation: { what: "Pearson's r; undefined where one side does not vary", direction: "higher", range: "−1 to 1" },
    },
    cost: "1 + units F, shared by all methods",
    criticism:
      "One unit at a time: evidence that is there twice is missed, since nothing is lost when only one copy goes. Occlusion with the same units and imputer scores 1 by construction.",
    parameters: { unit: UNIT, imputer: IMPUTER, score: SCORE },
  },
  measure: async (trial) => {
    const { params } = trial;
    const units = unitsOf(trial, String(params.unit));
    const sums = units.map((of, n) => unitScores(trial, n, of, "sum"));
    const drops = (await singleDrops(trial, units, 0))[params.score as EvaluationScore];
    return {
      scores: { correlation: eachSample(trial, (n) => pearson(sums[n]!, drops[n]!)) },
      curves: { attribution_sum: listed(sums), delta: listed(drops) },
    };
  },
};
