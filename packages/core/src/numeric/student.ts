/** Student's t distribution for whole degrees of freedom. */
import { risingRoot } from "./normal.ts";

/**
 * P(|T| ≤ t), t ≥ 0: the finite sums in θ = atan(t / √ν) (Abramowitz and Stegun 1964, 26.7.3 and 26.7.4).
 * @internal Exported for its tests.
 */
export const studentWithin = (t: number, nu: number): number => {
  const angle = Math.atan(t / Math.sqrt(nu));
  const odd = nu % 2 === 1;
  const square = Math.cos(angle) ** 2;
  let term = odd ? Math.cos(angle) : 1;
  let sum = nu === 1 ? 0 : term;
  for (let k = odd ? 3 : 2; k <= nu - 2; k += 2) {
    term *= ((k - 1) / k) * square;
    sum += term;
  }
  return odd ? (2 / Math.PI) * (angle + Math.sin(angle) * sum) : Math.sin(angle) * sum;
};

/** The t that |T| stays below with probability `confidence`: 2.262 for 0.95 and 9 degrees of freedom. */
export const studentQuantile = (confidence: number, nu: number): number =>
  risingRoot((t) => studentWithin(t, nu) - confidence, 0, 1e9);
