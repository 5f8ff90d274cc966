/** The standard normal distribution. */

/** Φ(x) = ½ + φ(x) Σ x^(2k+1) / (1·3·…·(2k+1)) (Marsaglia 2004), to about 1e-15. */
export const normalCdf = (x: number): number => {
  if (Math.abs(x) > 8.3) return x > 0 ? 1 : 0;
  let term = x;
  let sum = x;
  for (let k = 1; sum + term !== sum; k++) {
    term *= (x * x) / (2 * k + 1);
    sum += term;
  }
  // Far out rounding may lead past the ends.
  return Math.min(1, Math.max(0, 0.5 + (sum * Math.exp((-x * x) / 2)) / Math.sqrt(2 * Math.PI)));
};

/** Φ⁻¹(p), 0 ≤ p ≤ 1; ±∞ at the ends. */
export const normalQuantile = (p: number): number => {
  if (p <= 0 || p >= 1) return p <= 0 ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  return risingRoot((x) => normalCdf(x) - p, -8.3, 8.3);
};

/** Where a rising function is zero, by halving. */
export const risingRoot = (f: (x: number) => number, low: number, high: number): number => {
  for (;;) {
    const middle = (low + high) / 2;
    if (middle === low || middle === high) return middle;
    if (f(middle) < 0) low = middle;
    else high = middle;
  }
};
