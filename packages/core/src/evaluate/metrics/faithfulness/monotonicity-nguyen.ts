/** Monotonicity (Nguyen and Martínez 2020): the larger |R|, the less certain the model without that unit. */

import { spearman } from "../../../numeric/correlation.ts";
import { IMPUTER } from "../../imputers/index.ts";
import { eachSample, type Metric } from "../../metric.ts";
import { listed, singleDrops } from "../../removal/drops.ts";
import { REPEATS, UNIT } from "../../removal/parameters.ts";
import { type EvaluationScore, SCORE } from "../../removal/score.ts";
import { unitScores, unitsOf } from "../../removal/units.ts";

export const monotonicityNguyen: Metric = {
  card: {
    name: "monotonicity-nguyen",
    family: "faithfulness",
    what: "rank correlation of the size of each unit's relevance with the squared change of the score as the unit varies",
    definition: "Spearman over units u of |R_u|, R_u = Σ_{i ∈ u} R_i, and mean over draws j of (f(x) − f(x with u from draw j))²",
    source: "Nguyen and Martínez 2020, On quantitative aspects of model interpretability, section 3.2, monotonicity",
    scores: {
      correlation: { what: "Spearman's ρ; undefined where one side does not vary", direction: "higher", range: "−1 to 1" },
    },
    cost: "1 + units × repeats F, shared by all methods",
    criticism:
      "One unit at a time, so evidence that is there twice is missed. The sign of relevance does not matter. With noise far from the data it is the noise that changes the score.",
    parameters: {
      unit: UNIT,
      imputer: { ...IMPUTER, default: "uniform" },
      score: SCORE,
      repeats: { ...REPEATS, what: "draws of the imputer the squared change is averaged over", default: 4 },
    },
  },
  measure: async (trial) => {
    const { params } = trial;
    const score = params.score as EvaluationScore;
    const units = unitsOf(trial, String(params.unit));
    const sums = units.map((of, n) => unitScores(trial, n, of, "sum").map(Math.abs));
    const squares = sums.map(({ length }) => new Float64Array(length));
    const repeats = Number(params.repeats);
    for (let repeat = 0; repeat < repeats; repeat++) {
      const drops = (await singleDrops(trial, units, repeat))[score];
      for (const [n, of] of drops.entries()) for (const [u, drop] of of.entries()) squares[n]![u]! += (drop * drop) / repeats;
    }
    return {
      scores: { correlation: eachSample(trial, (n) => spearman(sums[n]!, squares[n]!)) },
      curves: { mean_squared_delta: listed(squares) },
    };
  },
};
