/** Consistency of Deep Taylor (Montavon et al. 2017, definitions 1 to 3): is the map conservative and positive? */

import { consistencyOf } from "../../../methods/taylor/report.ts";
import { eachSample, type Metric } from "../../metric.ts";
import { untouched } from "../../removal/drops.ts";
import { type EvaluationScore, SCORE } from "../../removal/score.ts";

export const consistency: Metric = {
  card: {
    name: "consistency",
    family: "axioms",
    what: "does the map add up to the score without a negative part",
    definition:
      "gap = |Σ R − f(x)|/|f(x)|; positivity = Σ R⁺/Σ|R| over all values; consistent = 1 where the gap and 1 − positivity are at most the tolerance, else 0",
    source: "Montavon et al. 2017, definitions 1 (conservative), 2 (positive) and 3 (consistent)",
    scores: {
      consistent: { what: "1 where conservative and positive", direction: "higher", range: "0 or 1" },
      gap: { what: "distance of Σ R from f(x), over |f(x)|", direction: "lower", range: "at least 0" },
      positivity: { what: "share of positive relevance", direction: "higher", range: "0 to 1" },
    },
    cost: "1 F; shared by all methods",
    criticism:
      "A map that puts f(x) on one value is consistent. Seeds other than the logit promise another sum, and where f(x) is negative no map can be both. Biases that take relevance leave a gap that is none of the method's.",
    parameters: {
      score: { ...SCORE, default: "logit", choices: ["logit", "probability", "log-odds"] },
      tolerance: { what: "the largest gap, and share of negative relevance, that counts as none", default: 1e-3, min: 0, max: 1 },
    },
  },
  measure: async (trial) => {
    const scores = await untouched(trial);
    const of = Array.from(scores[trial.params.score as EvaluationScore]);
    const tolerance = Number(trial.params.tolerance);
    const { samples } = consistencyOf(trial.relevance, of, tolerance);
    return {
      scores: {
        consistent: eachSample(trial, (n) => Number(samples[n]!.gap <= tolerance && 1 - samples[n]!.positivity <= tolerance)),
        gap: eachSample(trial, (n) => samples[n]!.gap),
        positivity: eachSample(trial, (n) => samples[n]!.positivity),
      },
    };
  },
};
