/** Whether the map's sum is what it is said to be: f(x) (conservation) or f(x) − f(x₀) (completeness). */

import { IMPUTER } from "../../imputers/index.ts";
import { eachSample, type Metric } from "../../metric.ts";
import { curvesOf } from "../../removal/curve.ts";
import { type EvaluationScore, SCORE } from "../../removal/score.ts";
import { positionMap, unitsOf } from "../../removal/units.ts";

/** Scores smaller than this count as so large, in denominators. */
const LEAST = 1e-6;

export const completeness: Metric = {
  card: {
    name: "completeness",
    family: "axioms",
    what: "does the map add up to the score, or to its difference from a baseline's",
    definition:
      "completeness error = |Σ R − (f(x) − f(x₀))|, relative: over max(|f(x) − f(x₀)|, 10⁻⁶); conservation error = |Σ R − f(x)|/max(|f(x)|, 10⁻⁶); negative share = Σ|R⁻|/Σ|R| by position, R being the sum over channels",
    source:
      "Sundararajan, Taly and Yan 2017, proposition 1 (completeness); Bach et al. 2015, eq. 2 (conservation); Ancona et al. 2018 (sensitivity-n with all features)",
    scores: {
      completeness_error_relative: {
        what: "completeness error over the score's difference",
        direction: "lower",
        range: "at least 0",
      },
      completeness_error: { what: "distance of Σ R from f(x) − f(x₀)", direction: "lower", range: "at least 0" },
      conservation_error: { what: "distance of Σ R from f(x), over f(x)", direction: "lower", range: "at least 0" },
      sum: { what: "Σ R", range: "any number" },
      negative_share: { what: "share of negative relevance", range: "0 to 1" },
    },
    cost: "2 F; shared by all methods",
    criticism:
      "A sum can be right and every place wrong. Methods promise different sums: with a seed of one LRP promises 1, with a baseline of its own an attribution promises that baseline's.",
    parameters: {
      baseline: { ...IMPUTER, what: `x₀: ${IMPUTER.what}` },
      score: { ...SCORE, default: "logit", choices: ["logit", "probability", "log-odds"] },
    },
  },
  measure: async (trial) => {
    const { params } = trial;
    const units = unitsOf(trial, "auto");
    const [curves] = await curvesOf(trial, [
      {
        units,
        orders: units.map(({ count }) => Uint32Array.from({ length: count }, (_, unit) => unit)),
        checkpoints: units.map(({ count }) => [0, count]),
        imputer: String(params.baseline),
      },
    ]);
    const ends = curves!.scores(params.score as EvaluationScore);
    const maps = Array.from({ length: trial.x.dims[0]! }, (_, n) => positionMap(trial, n));
    const sum = eachSample(trial, (n) => maps[n]!.reduce((a, b) => a + b, 0));
    const difference = (n: number) => ends[n]![0]! - ends[n]![1]!;
    const error = sum.map((of, n) => Math.abs(of - difference(n)));
    return {
      scores: {
        completeness_error_relative: error.map((of, n) => of / Math.max(Math.abs(difference(n)), LEAST)),
        completeness_error: error,
        conservation_error: sum.map((of, n) => Math.abs(of - ends[n]![0]!) / Math.max(Math.abs(ends[n]![0]!), LEAST)),
        sum,
        negative_share: eachSample(trial, (n) => negativeShare(maps[n]!)),
      },
    };
  },
};

const negativeShare = (map: Float64Array): number => {
  let [negative, all] = [0, 0];
  for (const value of map) {
    all += Math.abs(value);
    negative += Math.max(-value, 0);
  }
  return negative / all;
};
