/** μFidelity (Fel et al. 2022): faithfulness correlation by ranks, over cells of a grid. */

import { spearman } from "../../../numeric/correlation.ts";
import { IMPUTER } from "../../imputers/index.ts";
import type { Metric } from "../../metric.ts";
import { UNIT } from "../../removal/parameters.ts";
import { SCORE } from "../../removal/score.ts";
import { measureSubsets, SIZE, SUBSETS } from "./subsets.ts";

export const mufidelity: Metric = {
  card: {
    name: "mufidelity",
    family: "faithfulness",
    what: "rank correlation of the relevance of random sets of cells with what the model loses without them",
    definition: "Spearman over subsets S of cells of Σ_{u ∈ S} R_u and f(x) − f(x with S imputed), |S| fixed",
    source:
      "Fel, Vigouroux, Cadène and Serre 2022, How good is your explanation? (μFidelity, after Bhatt et al. 2020; ranks over grid cells)",
    scores: {
      correlation: { what: "Spearman's ρ; undefined where one side does not vary", direction: "higher", range: "−1 to 1" },
    },
    cost: "1 + subsets F, shared by all methods",
    criticism:
      "Ranks forgive wrong magnitudes, and cells wrong places inside them; with few subsets ρ is noisy, and it changes with cell size, share removed and imputer.",
    parameters: { unit: UNIT, imputer: IMPUTER, score: SCORE, subsets: SUBSETS, size: SIZE },
  },
  measure: (trial) => measureSubsets(trial, spearman),
};
