/**
 * The noise floor: where the mean over n samples of one set of random maps lies. Random maps are as good as no explanation, so a method
 * whose mean lies there has not been shown to say anything.
 *
 * From the scores x_id of draw d on sample i, d = 1 … D: with s² the variance of the draws within a sample, averaged over the samples
 * (n (D − 1) degrees of freedom), a further set on the same samples has its mean within
 *   mean ± t · s · √((1 + 1 / D) / n):
 * the noise of its own mean and that of the mean it is compared with (a prediction interval). How much samples differ from each other
 * does not enter, as methods are judged on the same samples. One draw alone cannot tell the two apart: then s is the standard deviation
 * over the samples (n − 1 degrees of freedom), and the floor wider.
 */

import type { Interval } from "../../numeric/interval.ts";
import { studentQuantile } from "../../numeric/student.ts";
import { type Column, meanOf, momentsOf, pooled } from "./column.ts";

/** `draws`: a column of scores for each set of random maps. Undefined where no two scores are there to compare. */
export const noiseFloor = (draws: readonly Column[], confidence: number): Interval | undefined => {
  const all = pooled(draws);
  const mean = meanOf(all);
  // Σ 1 / D_i over the samples that have draws, and the squares within them.
  let [inverse, squares, degrees] = [0, 0, -all.n];
  for (let i = 0; i < all.values.length; i++) {
    const own = draws.filter(({ defined }) => defined[i]);
    if (own.length === 0) continue;
    inverse += 1 / own.length;
    degrees += own.length;
    for (const { values } of own) squares += (values[i]! - all.values[i]!) ** 2;
  }
  const within = degrees > 0;
  const freedom = within ? degrees : all.n - 1;
  if (freedom < 1) return undefined;
  const sd = within ? Math.sqrt(squares / degrees) : momentsOf(all).sd;
  const half = studentQuantile(confidence, freedom) * sd * Math.sqrt(1 / all.n + inverse / all.n ** 2);
  return { mean, low: mean - half, high: mean + half };
};
