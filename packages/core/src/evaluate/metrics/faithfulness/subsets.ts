/** Random subsets of units: what the heatmap says they are worth, and what the model loses with them. */

import type { MethodParameter } from "../../../cards/parameters.ts";
import { fail } from "../../../errors.ts";
import { fillingOf } from "../../imputers/index.ts";
import { eachSample, type Measured, type Trial } from "../../metric.ts";
import { type Drops, dropsOf, listed, remove, valuesOf } from "../../removal/drops.ts";
import type { EvaluationScore } from "../../removal/score.ts";
import type { Units } from "../../removal/unit.ts";
import { unitScores, unitsOf } from "../../removal/units.ts";

export const SUBSETS: MethodParameter = { what: "random subsets a sample", default: 100, min: 2, max: 100_000, integer: true };

export const SIZE: MethodParameter = {
  what: "units in a subset: a share of all below 1, from 1 on a count",
  default: 0.2,
  min: 1e-6,
  max: 1e9,
};

/** Stream of the random subsets. */
const KEY = 11;

/** By sample: lists of units. */
export type Subsets = readonly (readonly Uint32Array[])[];

/**
 * Of sample n: `given[name]`, [N, K, m] or [K, m] for all samples; else `count` subsets of `size` units, drawn by the sample's number.
 * Errors: BadInput (what was given).
 */
export const subsetsOf = (
  { given, ids, random, x }: Trial,
  name: string,
  { n, units, count, size }: { readonly n: number; readonly units: Units; readonly count: number; readonly size: number },
): readonly Uint32Array[] => {
  const tensor = given?.[name];
  const all = units.count;
  if (tensor === undefined) {
    const m = Math.min(all, size);
    return Array.from({ length: count }, (_, k) => random.stream(ids[n]!, k, KEY, m).permutation(all).slice(0, m));
  }
  const { dims } = tensor;
  const [width = 0, draws = 0, samples] = dims.toReversed();
  const from = samples === undefined ? 0 : n * draws * width;
  const data = Uint32Array.from(tensor.data.slice(from, from + draws * width) as ArrayLike<number | bigint>, Number);
  const fits = dims.length === 2 || (dims.length === 3 && samples === x.dims[0]);
  if (!fits || data.some((u) => u >= all))
    throw fail("BadInput", {
      what: `${name} of ${dims.join("×")}`,
      why: `there are ${x.dims[0]} samples of ${all} units`,
      fix: "give unit numbers as [samples, subsets, size], or [subsets, size] for all samples",
    });
  return Array.from({ length: draws }, (_, k) => data.slice(k * width, (k + 1) * width));
};

/** What the model loses with each subset, whatever the heatmap. Errors: BadRecipe (imputer), Runtime, Aborted. */
export const subsetDrops = (trial: Trial, key: unknown, units: readonly Units[], subsets: Subsets): Promise<Drops> => {
  const { unit, imputer } = trial.params;
  return dropsOf(trial, { subsets: key, unit, imputer }, () => ({
    count: (n) => subsets[n]!.length,
    write: (n, k, into) => remove(into, valuesOf(units[n]!, subsets[n]![k]!), fillingOf(trial, String(imputer), n, 0)),
  }));
};

/** Σ_S R of each subset, the sum of its units' sums. */
export const subsetSums = (trial: Trial, units: readonly Units[], subsets: Subsets): readonly Float64Array[] =>
  units.map((of, n) => {
    const scores = unitScores(trial, n, of, "sum");
    return Float64Array.from(subsets[n]!, (subset) => subset.reduce((sum, u) => sum + scores[u]!, 0));
  });

/** A correlation of both over the subsets; parameters unit, imputer, score, subsets, size. */
export const measureSubsets = async (
  trial: Trial,
  correlate: (a: Float64Array, b: Float64Array) => number,
): Promise<Measured> => {
  const { params } = trial;
  const units = unitsOf(trial, String(params.unit));
  const [count, size] = [Number(params.subsets), Number(params.size)];
  const key = { count, size };
  const subsets = trial.shared.once({ subsets: key, unit: params.unit }, () =>
    units.map((of, n) => subsetsOf(trial, "subsets", { n, units: of, count, size: countOf(size, of.count) })),
  );
  const sums = subsetSums(trial, units, subsets);
  const drops = (await subsetDrops(trial, key, units, subsets))[params.score as EvaluationScore];
  return {
    scores: { correlation: eachSample(trial, (n) => correlate(sums[n]!, drops[n]!)) },
    curves: { attribution_sum: listed(sums), delta: listed(drops) },
  };
};

const countOf = (size: number, all: number): number => (size < 1 ? Math.max(1, Math.round(size * all)) : Math.round(size));
