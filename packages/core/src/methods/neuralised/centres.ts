/**
 * Clusters as networks (Kauffmann et al. 2022): h_k = |x − μ_k|² − |x − μ_c|² = 2(μ_c − μ_k)·x + |μ_k|² − |μ_c|² says how much nearer the
 * explained centre c is than the rival k; f_c = min_k h_k, and
 *
 *   R_d = Σ_k p_k 2(μ_c − μ_k)_d (x − (μ_c + μ_k)/2)_d,   p = softmin(β h)   (β → ∞: the nearest rival).
 *
 * Nothing is divided, and Σ R = Σ p_k h_k.
 */
import type { Decomposed } from "./kernels.ts";
import type { Spheres } from "./spheres.ts";

export interface Contest {
  /** Of the explained centre, and of those it is compared with. */
  readonly own: number;
  readonly rivals: readonly number[];
  /** 0: infinite. */
  readonly beta: number;
}

export const decomposeCentres = (x: ArrayLike<number>, { points }: Spheres, { own, rivals, beta }: Contest): Decomposed => {
  const centre = points[own]!;
  const parts = rivals.map((k) => points[k]!.map((m, d) => (x[d]! - m) ** 2 - (x[d]! - centre[d]!) ** 2));
  const h = parts.map((part) => part.reduce((a, b) => a + b, 0));
  const least = h.reduce((a, b) => Math.min(a, b));
  const raw = h.map((v) => (beta === 0 ? Number(v === least) : Math.exp(-beta * (v - least))));
  const total = raw.reduce((a, b) => a + b, 0);
  const relevance = new Float64Array(x.length);
  let score = 0;
  for (const [k, part] of parts.entries()) {
    const p = raw[k]! / total;
    score += p * h[k]!;
    for (const [d, v] of part.entries()) relevance[d]! += p * v;
  }
  return { relevance, score };
};
