/** Non-sensitivity (Nguyen and Martínez 2020): no relevance where the model does not react, and none missing where it does. */

import { IMPUTER } from "../../imputers/index.ts";
import { eachSample, type Metric, type Trial } from "../../metric.ts";
import { singleDrops, untouched } from "../../removal/drops.ts";
import { AGGREGATE, REPEATS, UNIT } from "../../removal/parameters.ts";
import { type EvaluationScore, SCORE } from "../../removal/score.ts";
import type { Units } from "../../removal/unit.ts";
import { unitScores, unitsOf } from "../../removal/units.ts";

const SHARE = { direction: "lower", range: "0 to 1" } as const;

export const nonSensitivity: Metric = {
  card: {
    name: "non-sensitivity",
    family: "axioms",
    what: "units with relevance the model does not react to, and the other way round",
    definition:
      "|A₀ △ X₀| over the number of units, with A₀ the units without relevance, |R_u| ≤ t · max|R|, and X₀ those whose removal alone leaves the score, E(f(x) − f(x without u))² ≤ (s · max(|f(x)|, 10⁻⁶))², E over the repeats",
    source: "Nguyen and Martínez 2020, On quantitative aspects of model interpretability; Ancona et al. 2018 (sensitivity)",
    scores: {
      non_sensitivity: { what: "share of units in just one of A₀ and X₀", ...SHARE },
      relevant_without_effect: { what: "share with relevance and no effect (X₀ without A₀)", ...SHARE },
      effect_without_relevance: { what: "share with effect and no relevance (A₀ without X₀)", ...SHARE },
    },
    cost: "(1 + units) × repeats F; shared by all methods",
    criticism:
      "Counts, not amounts: a trace of relevance is as wrong as a lot of it. Removing one unit of a redundant pair has no effect though both matter. The paper counts units; shares can be compared across sizes.",
    parameters: {
      unit: UNIT,
      imputer: IMPUTER,
      score: { ...SCORE, default: "logit" },
      aggregate: AGGREGATE,
      repeats: REPEATS,
      "relevance-tolerance": { what: "t: the share of max|R| that counts as none", default: 1e-5, min: 0, max: 1 },
      "effect-tolerance": { what: "s: the share of the score that counts as no effect", default: 1e-5, min: 0, max: 1 },
    },
  },
  measure: async (trial) => {
    const { params, shared } = trial;
    const units = unitsOf(trial, String(params.unit));
    const { unit, imputer, score, repeats, "effect-tolerance": tolerance } = params;
    const inert = await shared.once({ of: "inert units", unit, imputer, score, repeats, tolerance }, () =>
      inertUnits(trial, units),
    );
    const counts = units.map((of, n) => {
      const relevance = unitScores(trial, n, of, params.aggregate === "sum" ? "sum" : "mean");
      const most = relevance.reduce((a, b) => Math.max(a, Math.abs(b)), 0);
      let [relevant, effective] = [0, 0];
      relevance.forEach((value, u) => {
        const without = Math.abs(value) <= Number(params["relevance-tolerance"]) * most;
        if (inert[n]![u] === 1 && !without) relevant += 1;
        if (inert[n]![u] === 0 && without) effective += 1;
      });
      return { relevant: relevant / of.count, effective: effective / of.count };
    });
    return {
      scores: {
        non_sensitivity: eachSample(trial, (n) => counts[n]!.relevant + counts[n]!.effective),
        relevant_without_effect: eachSample(trial, (n) => counts[n]!.relevant),
        effect_without_relevance: eachSample(trial, (n) => counts[n]!.effective),
      },
    };
  },
};

/** X₀: by sample, 1 for units whose removal alone leaves the score. */
const inertUnits = async (trial: Trial, units: readonly Units[]): Promise<readonly Uint8Array[]> => {
  const { score, repeats, "effect-tolerance": tolerance } = trial.params;
  const full = (await untouched(trial))[score as EvaluationScore];
  const squares = units.map(({ count }) => new Float64Array(count));
  for (let repeat = 0; repeat < Number(repeats); repeat++)
    (await singleDrops(trial, units, repeat))[score as EvaluationScore].forEach((drops, n) => {
      drops.forEach((drop, unit) => {
        squares[n]![unit]! += drop ** 2 / Number(repeats);
      });
    });
  return squares.map((of, n) => {
    const least = (Number(tolerance) * Math.max(Math.abs(full[n]!), 1e-6)) ** 2;
    return Uint8Array.from(of, (square) => Number(square <= least));
  });
};
