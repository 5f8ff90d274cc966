/** Where on [0, 1] an integral is sampled, and with which weights (they add up to 1). */
export const QUADRATURES = ["midpoint", "left", "right", "trapezoid", "gauss-legendre"] as const;

export interface Node {
  readonly at: number;
  readonly weight: number;
}

/** `steps` nodes; the trapezoid has one more. */
export const quadrature = (name: string, steps: number): readonly Node[] => {
  const even = (offset: number) => Array.from({ length: steps }, (_, k) => ({ at: (k + offset) / steps, weight: 1 / steps }));
  switch (name) {
    case "left":
      return even(0);
    case "right":
      return even(1);
    case "trapezoid":
      return Array.from({ length: steps + 1 }, (_, k) => ({ at: k / steps, weight: (k === 0 || k === steps ? 0.5 : 1) / steps }));
    case "gauss-legendre":
      return gaussLegendre(steps);
    default:
      return even(0.5);
  }
};

/** Roots of the Legendre polynomial Pₙ by Newton's method, weights 2/((1 − t²) P′ₙ(t)²), mapped to [0, 1]. */
const gaussLegendre = (n: number): readonly Node[] =>
  Array.from({ length: n }, (_, i) => {
    let t = Math.cos((Math.PI * (i + 0.75)) / (n + 0.5));
    let slope = 1;
    for (let round = 0; round < 100; round++) {
      let [before, p] = [1, t];
      for (let k = 2; k <= n; k++) [before, p] = [p, ((2 * k - 1) * t * p - (k - 1) * before) / k];
      if (n === 1) [before, p] = [1, t];
      slope = (n * (t * p - before)) / (t * t - 1);
      const step = p / slope;
      t -= step;
      if (Math.abs(step) < 1e-15) break;
    }
    return { at: (1 - t) / 2, weight: 1 / ((1 - t * t) * slope * slope) };
  });
