/**
 * Outlier scores as networks (Kauffmann, Müller, Montavon 2020): o = −(1/γ) log Σ α_s exp(−γ |x − s|²) is a soft least distance, and
 *
 *   R_d = Σ_s p_s o (x − s)_d² / |x − s|²,   p_s = α_s exp(−γ |x − s|²) / Σ.
 *
 * Weights of both signs are two such scores: (1/γ)(log Σ₊ − log Σ₋) = o₋ − o₊.
 */
import { logSumExp } from "../../numeric/log-sum-exp.ts";
import type { Spheres } from "./spheres.ts";

export interface Decomposed {
  readonly relevance: Float64Array;
  readonly score: number;
}

/** `weights`: how each kernel speaks for what is explained. One sign alone is scaled to a sum of 1. */
export const decomposeKernels = (x: ArrayLike<number>, { points, q, rest }: Spheres, weights: readonly number[]): Decomposed => {
  const both = weights.some((w) => w > 0) && weights.some((w) => w < 0);
  const relevance = new Float64Array(x.length);
  let score = 0;
  for (const sign of [1, -1]) {
    const own = weights.flatMap((w, s) => (w * sign > 0 ? [{ point: points[s]!, log: Math.log(w * sign) + rest[s]! }] : []));
    if (own.length === 0) continue;
    const distances = own.map(({ point }) => point.reduce((sum, m, d) => sum + (x[d]! - m) ** 2, 0));
    const logs = own.map(({ log }, s) => log + q * distances[s]!);
    const whole = both ? 0 : logSumExp(own.map(({ log }) => log));
    const sum = logSumExp(logs);
    const o = (sum - whole) / q; // q = −γ
    score -= sign * o;
    for (const [s, { point }] of own.entries()) {
      if (distances[s] === 0) continue;
      const share = (-sign * o * Math.exp(logs[s]! - sum)) / distances[s]!;
      for (const [d, m] of point.entries()) relevance[d]! += share * (x[d]! - m) ** 2;
    }
  }
  return { relevance, score };
};
