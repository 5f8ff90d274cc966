/**
 * x̂ = (x − μ) ⊙ r with r = 1/√(σ² + ε) over some axes, or x̂ = x ⊙ r with r = 1/√(mean x² + ε) where the mean is not taken away.
 * With ⟨·⟩ the mean over those axes:
 *
 *   r held fixed    x̄ = r (s − ⟨s⟩)
 *   derivative      x̄ = r (s − ⟨s⟩ − x̂ ⟨s x̂⟩)
 *
 * without ⟨s⟩ in the second case. (Ba, Kiros & Hinton 2016; Zhang & Sennrich 2019; detached: Ali et al. 2022.)
 */

import type { Builder } from "../graph/builder.ts";
import { double, toDouble } from "./exact.ts";
import type { Site, Standardized } from "./role.ts";

/** x̂ written out; `count` is the number of values along the axes, a scalar value. */
export const standardize = (
  { g }: Site,
  x: string,
  axes: readonly number[],
  count: string,
  epsilon: number,
  centered = true,
): Standardized => {
  const mean = (value: string) => g.div(g.reduceSum(value, axes), count);
  const deviation = centered ? g.sub(x, mean(x)) : x;
  const variance = mean(g.mul(deviation, deviation));
  const inverse = g.op("Reciprocal", [g.op("Sqrt", [g.add(variance, g.floats(epsilon))])]);
  return { value: g.mul(deviation, inverse), inverse, mean, centered };
};

/** x̂ of a float64 value, in float64. */
export const standardizedExactly = (
  g: Builder,
  x: string,
  axes: readonly number[],
  { count, epsilon, centered = true }: Exactly,
): string => {
  const mean = (value: string) => g.div(g.reduceSum(value, axes), toDouble(g, count));
  const deviation = centered ? g.sub(x, mean(x)) : x;
  const variance = mean(g.mul(deviation, deviation));
  return g.div(deviation, g.op("Sqrt", [g.add(variance, double(g, epsilon))]));
};
interface Exactly {
  readonly count: string;
  readonly epsilon: number;
  readonly centered?: boolean;
}

/** With the scale held fixed. */
export const detachedAdjoint = ({ g }: Site, s: string, { inverse, mean, centered }: Standardized): string =>
  g.mul(inverse, centered ? g.sub(s, mean(s)) : s);

/**
 * Differences from a reference: x̂ = d r is a product, r = v^(−½) has the secant −r² r′²/(r + r′), v = ⟨d²⟩ has d + d′:
 * m̄ = s (r + r′)/2 − ⟨s (d + d′)/2⟩ r² r′²/(r + r′) (d + d′), and m − ⟨m⟩ where the mean is taken away.
 */
export const secantAdjoint = ({ g }: Site, s: string, hat: Standardized, reference: Standardized): string => {
  const deviation = ({ value, inverse }: Standardized) => g.div(value, inverse);
  const [r, r2] = [hat.inverse, reference.inverse];
  const both = g.add(deviation(hat), deviation(reference));
  const sum = g.add(r, r2);
  const slope = g.div(g.op("Mul", [g.mul(r, r), g.mul(r2, r2)]), sum);
  const through = g.mul(g.mul(hat.mean(g.mul(s, g.scale(both, 0.5))), slope), both);
  const m = g.sub(g.mul(s, g.scale(sum, 0.5)), through);
  return hat.centered ? g.sub(m, hat.mean(m)) : m;
};

/** The derivative in full. */
export const standardizeAdjoint = (site: Site, s: string, hat: Standardized): string => {
  const { g } = site;
  const along = g.mul(hat.value, hat.mean(g.mul(s, hat.value)));
  return g.mul(hat.inverse, g.sub(hat.centered ? g.sub(s, hat.mean(s)) : s, along));
};
