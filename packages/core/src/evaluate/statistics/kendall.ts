/** Do two rankings agree? Kendall's rank correlation (Kendall 1938, with ties 1945). */
import { percentiles } from "./bootstrap.ts";

/**
 * τ-b = (C − D) / √((P − T_a)(P − T_b)): C pairs in the same order in both lists, D in the opposite one, P = n (n − 1) / 2 pairs of which
 * T_a tie in a and T_b in b. −1 to 1; NaN where one list is all ties. Pairs with NaN are left out.
 * @internal Exported for its tests.
 */
export const kendallTau = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  let [agree, variedA, variedB] = [0, 0, 0];
  for (let i = 1; i < a.length; i++)
    for (let j = 0; j < i; j++) {
      const inA = Math.sign(a[i]! - a[j]!);
      const inB = Math.sign(b[i]! - b[j]!);
      if (Number.isNaN(inA + inB)) continue;
      agree += inA * inB;
      variedA += inA * inA;
      variedB += inB * inB;
    }
  return agree / Math.sqrt(variedA * variedB);
};

/** What two metrics think of the methods, better being more in both. */
export interface Ranked {
  /** A mean a method. */
  readonly observed: readonly number[];
  /** Its means over the resamples. */
  readonly resampled: readonly Float64Array[];
}

/** τ-b of the means, with its percentile interval over the resamples, which are the same samples in both. */
export const kendallInterval = (a: Ranked, b: Ranked, confidence: number) => {
  const at = ({ resampled }: Ranked, k: number) => resampled.map((means) => means[k]!);
  const over = Float64Array.from({ length: a.resampled[0]?.length ?? 0 }, (_, k) => kendallTau(at(a, k), at(b, k)));
  const tau = kendallTau(a.observed, b.observed);
  const { low, high } = percentiles(over, confidence);
  return { tau, low: Math.min(tau, low), high: Math.max(tau, high) };
};
