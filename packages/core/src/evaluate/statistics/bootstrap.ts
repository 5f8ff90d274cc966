/**
 * The bootstrap over samples (Efron and Tibshirani 1993). Every method and table of a run is resampled by the same indices, so that
 * differences, ranks and correlations of ranks are paired.
 */

import type { Interval } from "../../numeric/interval.ts";
import { normalCdf, normalQuantile } from "../../numeric/normal.ts";
import { quantileOf } from "../../numeric/quantile.ts";
import { randomBy } from "../../numeric/random.ts";
import { studentQuantile } from "../../numeric/student.ts";
import { type Column, momentsOf } from "./column.ts";

export interface Resampling {
  /** The column's mean in every resample, over its defined samples; NaN where a resample has none. */
  means(column: Column): Float64Array;
}

const KEY = 4;

/** Draws `resamples` times `count` of `count` samples with replacement. Kept as counts: a mean is then one scalar product. */
export const resamplingOf = (count: number, resamples: number, seed: number): Resampling => {
  const stream = randomBy(seed).stream(KEY);
  // A byte is enough: that one sample is drawn more than 255 times has a probability below 1e-300.
  const counts = Array.from({ length: resamples }, () => {
    const row = new Uint8Array(count);
    for (let i = 0; i < count; i++) row[stream.below(count)]! += 1;
    return row;
  });
  const kept = new Map<Column, Float64Array>();
  const means = (column: Column): Float64Array => {
    const { values, defined, n } = column;
    return Float64Array.from(counts, (row) => dot(row, values) / (n === count ? count : dot(row, defined)));
  };
  return {
    means: (column) => {
      const found = kept.get(column) ?? means(column);
      kept.set(column, found);
      return found;
    },
  };
};

const dot = (a: Uint8Array, b: Float64Array | Uint8Array): number => {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
};

/**
 * The BCa interval of a mean (Efron 1987; Efron and Tibshirani 1993, eq. 14.10): between the quantiles of the resampled means at
 *   Φ(z₀ + (z₀ ± z) / (1 − a (z₀ ± z))), z₀ = Φ⁻¹(share of resampled means below the mean), a = skewness / (6 √n),
 * the jackknife's acceleration, which for a mean has this closed form. In place of the normal quantile, z = t · √(n / (n − 1)) with
 * Student's t of n − 1 degrees of freedom (Hesterberg 2015, expanded percentile): the bootstrap alone is too narrow for few samples.
 * Simulated, intervals of 95 % cover 93.8 and 94.7 % (12 and 30 normal scores), 92.3 and 94.4 % (exponential ones); plain percentiles
 * 90.6 and 93.6, 87.6 and 92.3 %. NaN below two defined samples.
 */
export const intervalOf = (column: Column, resampled: Float64Array, confidence: number): Interval => {
  const { mean, skewness } = momentsOf(column);
  const { n } = column;
  if (n < 2) return { mean, low: Number.NaN, high: Number.NaN };
  const sorted = resampled.filter((value) => !Number.isNaN(value)).sort();
  const z = studentQuantile(confidence, n - 1) * Math.sqrt(n / (n - 1));
  const z0 = normalQuantile(shareBelow(sorted, mean));
  const a = Number.isFinite(skewness) ? skewness / (6 * Math.sqrt(n)) : 0;
  const end = (side: number): number => {
    const turned = z0 + side * z;
    const slack = 1 - a * turned;
    return quantileOf(sorted, slack > 0 ? normalCdf(z0 + turned / slack) : side < 0 ? 0 : 1);
  };
  return { mean, low: Math.min(mean, end(-1)), high: Math.max(mean, end(1)) };
};

/** Of values equal to it, up to rounding, half count. */
const shareBelow = (sorted: Float64Array, value: number): number => {
  const noise = 1e-12 * Math.max(Math.abs(sorted[0]!), Math.abs(sorted.at(-1)!));
  let [below, equal] = [0, 0];
  for (const v of sorted) {
    if (v < value - noise) below += 1;
    else if (v <= value + noise) equal += 1;
    else break;
  }
  return (below + equal / 2) / sorted.length;
};

/** Between the order statistics that leave at least `confidence` inside: for values that come in steps, such as ranks. */
export const percentiles = (values: Float64Array, confidence: number): { readonly low: number; readonly high: number } => {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort();
  const last = sorted.length - 1;
  // The small addend: places that are whole numbers must not be moved by noise.
  const place = Math.floor(((1 - confidence) / 2) * last + 1e-9);
  return { low: sorted[place] ?? Number.NaN, high: sorted[last - place] ?? Number.NaN };
};
