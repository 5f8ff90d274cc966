/** Faithfulness correlation (Bhatt, Weller and Moura 2020): what random subsets are worth, by the heatmap and by the model. */

import { pearson } from "../../../numeric/correlation.ts";
import { IMPUTER } from "../../imputers/index.ts";
import type { Metric } from "../../metric.ts";
import { UNIT } from "../../removal/parameters.ts";
import { SCORE } from "../../removal/score.ts";
import { measureSubsets, SIZE, SUBSETS } from "./subsets.ts";

export const faithfulnessCorrelation: Metric = {
  card: {
    name: "faithfulness-correlation",
    family: "faithfulness",
    what: "correlation of the relevance of random subsets with what the model loses without them",
    definition: "Pearson over subsets S of Σ_{u ∈ S} R_u and f(x) − f(x with S imputed), |S| fixed",
    source: "Bhatt, Weller and Moura 2020, Evaluating and aggregating feature-based model explanations, definition 3",
    scores: {
      correlation: { what: "Pearson's r; undefined where one side does not vary", direction: "higher", range: "−1 to 1" },
    },
    cost: "1 + subsets F, shared by all methods",
    criticism:
      "Noisy: subsets of scattered units all remove about the same, so r rests on few draws and on the size of the subsets; methods rank differently by size, unit and imputer (Tomsett et al. 2020).",
    parameters: { unit: UNIT, imputer: IMPUTER, score: SCORE, subsets: SUBSETS, size: SIZE },
  },
  measure: (trial) => measureSubsets(trial, pearson),
};
