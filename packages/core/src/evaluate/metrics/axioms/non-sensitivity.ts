/** Non-sensitivity (Nguyen and Martínez 2020): no relevance where the model does not react, and none missing where it does. */
import { sampleOf } from "../../../methods/method.ts";
import { fillingOf, IMPUTER } from "../../imputers/index.ts";
import { eachSample, type Metric, type Trial } from "../../metric.ts";
import { AGGREGATE, REPEATS, UNIT } from "../../parameters.ts";
import { type EvaluationScore, readScore, SCORE } from "../../score.ts";
import { type Units, unitScores, unitsOf } from "../../units.ts";

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
  const { params, model } = trial;
  const [score, repeats] = [params.score as EvaluationScore, Number(params.repeats)];
  const starts = units.map(({ count }) => 1 + repeats * count);
  const first = starts.map((_, n) => starts.slice(0, n).reduce((a, b) => a + b, 0));
  const sampleAt = (k: number) => first.findLastIndex((from) => from <= k);
  const found = starts.map((count) => new Float64Array(count));
  await model.scores(
    {
      count: starts.reduce((a, b) => a + b, 0),
      sample: sampleAt,
      write: (k, into) => {
        const n = sampleAt(k);
        into.set(sampleOf(trial.x, n));
        const row = k - first[n]! - 1;
        if (row >= 0)
          remove(trial, units[n]!, { n, unit: row % units[n]!.count, repeat: Math.floor(row / units[n]!.count) }, into);
      },
    },
    (k, { logits }) => {
      const n = sampleAt(k);
      found[n]![k - first[n]!] = readScore(model, logits, model.targets[n]!, score);
    },
  );
  return units.map(({ count }, n) => {
    const full = found[n]![0]!;
    const least = (Number(params["effect-tolerance"]) * Math.max(Math.abs(full), 1e-6)) ** 2;
    return Uint8Array.from({ length: count }, (_, unit) => {
      let square = 0;
      for (let repeat = 0; repeat < repeats; repeat++) square += (full - found[n]![1 + repeat * count + unit]!) ** 2;
      return Number(square / repeats <= least);
    });
  });
};

/** Overwrites one unit of a sample by what the imputer has for it. */
const remove = (
  trial: Trial,
  { values, from }: Units,
  { n, unit, repeat }: { readonly n: number; readonly unit: number; readonly repeat: number },
  into: Float32Array,
): void => {
  const own = values.subarray(from[unit]!, from[unit + 1]!);
  const filling = fillingOf(trial, String(trial.params.imputer), n, repeat);
  if (filling.kind === "snapshot") for (const v of own) into[v] = filling.values[v]!;
  else {
    const mask = new Uint8Array(into.length);
    for (const v of own) mask[v] = 1;
    filling.fill(into, mask);
  }
};
