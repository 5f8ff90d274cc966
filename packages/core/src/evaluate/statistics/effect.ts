/** How large a paired difference is, apart from how sure it is. */
import type { ScoreTable } from "../result.ts";
import { type Column, momentsOf } from "./column.ts";

/**
 * Cohen's d of paired samples, d_z: the mean of the differences over their standard deviation (Cohen 1988, eq. 2.5.6).
 * 0 where nothing differs; ±∞ where all differences are the same.
 */
export const pairedEffect = (difference: Column): number => {
  const { mean, sd } = momentsOf(difference);
  return mean === 0 ? 0 : mean / sd;
};

/** Share of samples on which the first of the difference is better, ties half; NaN where neither way is better. */
export const winsOf = ({ values, defined, n }: Column, direction: ScoreTable["direction"]): number => {
  if (direction === undefined) return Number.NaN;
  const sign = direction === "higher" ? 1 : -1;
  let wins = 0;
  for (let i = 0; i < values.length; i++) if (defined[i]) wins += (1 + Math.sign(sign * values[i]!)) / 2;
  return wins / n;
};
