/** Ranks of methods by their means, with how far the ranks move over the resamples. */

import { ranksOf } from "../../numeric/correlation.ts";
import { percentiles } from "./bootstrap.ts";

export interface Rank {
  /** 1 is best; methods of equal mean share the mean of their ranks (Demšar 2006). */
  readonly rank: number;
  readonly rankLow: number;
  readonly rankHigh: number;
}

/** `observed`: a mean a method; `resampled`: its means over the resamples, drawn alike for all methods. No NaN in `observed`. */
export const rankMeans = (
  observed: readonly number[],
  resampled: readonly Float64Array[],
  direction: "higher" | "lower",
  confidence: number,
): readonly Rank[] => {
  const sign = direction === "higher" ? -1 : 1;
  const ranks = ranksOf(observed.map((mean) => sign * mean));
  const spread = observed.map(() => new Float64Array(resampled[0]?.length ?? 0));
  for (let b = 0; b < (resampled[0]?.length ?? 0); b++)
    ranksOf(resampled.map((means) => sign * means[b]!)).forEach((rank, m) => {
      spread[m]![b] = rank;
    });
  return spread.map((over, m) => {
    const { low, high } = percentiles(over, confidence);
    const rank = ranks[m]!;
    return { rank, rankLow: Math.min(rank, low), rankHigh: Math.max(rank, high) };
  });
};
