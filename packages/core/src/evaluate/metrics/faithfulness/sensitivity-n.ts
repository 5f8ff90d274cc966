/** Sensitivity-n (Ancona et al. 2018): faithfulness correlation for subsets of one size after another. */
import { fail } from "../../../errors.ts";
import { definedMean, pearson } from "../../../numeric/correlation.ts";
import { IMPUTER } from "../../imputers/index.ts";
import { eachSample, type Metric } from "../../metric.ts";
import { UNIT } from "../../removal/parameters.ts";
import { type EvaluationScore, SCORE } from "../../removal/score.ts";
import { unitsOf } from "../../removal/units.ts";
import { SUBSETS, subsetDrops, subsetSums, subsetsOf } from "./subsets.ts";

export const sensitivityN: Metric = {
  card: {
    name: "sensitivity-n",
    family: "faithfulness",
    what: "correlation of the relevance of n random units with what the model loses without them, for small to large n",
    definition:
      "for each n: Pearson over subsets S, |S| = n, of Σ_{u ∈ S} R_u and f(x) − f(x with S imputed); then the mean over n",
    source:
      "Ancona, Ceolini, Öztireli and Gross 2018, Towards better understanding of gradient-based attribution methods, section 4",
    scores: {
      mean_over_n: { what: "mean of Pearson's r over the sizes where it is defined", direction: "higher", range: "−1 to 1" },
    },
    cost: "1 + sizes × subsets F, shared by all methods",
    criticism:
      "No method can have r = 1 for all n unless the model is linear. For large n all subsets remove nearly everything: there r says more about the imputer than about the heatmap.",
    parameters: {
      n: {
        what: "units in a subset: counts such as 4,16,64, or log:K (K sizes from 1 to 80 % of the units, denser at the start)",
        default: "log:6",
      },
      unit: UNIT,
      imputer: IMPUTER,
      score: { ...SCORE, default: "logit" },
      subsets: SUBSETS,
    },
  },
  measure: async (trial) => {
    const { params, shared } = trial;
    const units = unitsOf(trial, String(params.unit));
    const sizes = units.map(({ count }) => sizesOf(String(params.n), count));
    const key = { n: params.n, count: params.subsets };
    const subsets = shared.once({ subsets: key, unit: params.unit }, () =>
      units.map((of, n) =>
        sizes[n]!.map((size) => subsetsOf(trial, `subsets-${size}`, { n, units: of, count: Number(params.subsets), size })),
      ),
    );
    const flat = subsets.map((lists) => lists.flat());
    const sums = subsetSums(trial, units, flat);
    const drops = (await subsetDrops(trial, key, units, flat))[params.score as EvaluationScore];
    const correlations = subsets.map((lists, n) =>
      Float64Array.from(lists, ({ length }, i) => {
        const from = lists.slice(0, i).reduce((sum, list) => sum + list.length, 0);
        return pearson(sums[n]!.subarray(from, from + length), drops[n]!.subarray(from, from + length));
      }),
    );
    return {
      scores: { mean_over_n: eachSample(trial, (n) => definedMean(correlations[n]!)) },
      curves: {
        correlation: {
          at: sizes.map((list, n) => Float64Array.from(list, (size) => size / units[n]!.count)),
          values: correlations,
        },
      },
    };
  },
};

const sizesOf = (spec: string, units: number): readonly number[] => {
  const [, steps] = /^log:([1-9]\d{0,3})$/.exec(spec) ?? [];
  const counts = steps === undefined ? spec.split(",").map(Number) : geometric(Number(steps), Math.max(1, 0.8 * units));
  if (counts.every((n) => Number.isInteger(n) && n >= 1 && n <= units)) return counts;
  throw fail("BadRecipe", { what: `n '${spec}' of ${units} units`, fix: "log:K, or counts such as 4,16,64" });
};

const geometric = (count: number, last: number): number[] => [
  ...new Set(Array.from({ length: count }, (_, i) => Math.round(last ** (count === 1 ? 1 : i / (count - 1))))),
];
