/** Slopes of chords: how fast a function rises between a value and its reference. */
import { type Site, weighed } from "../ops/index.ts";

/** Below this difference an activation is taken by its derivative. */
const NEAR = 1e-6;

/** Δy/Δx of one variable, `slope` where Δx vanishes; 0 where no slope is given. */
export const secant = (site: Site, dy: string, dx: string, slope?: string): string => {
  const { g } = site;
  const near = g.below(g.op("Abs", [dx]), NEAR);
  const far = g.mul(g.sub(g.floats(1), near), g.div(dy, g.add(dx, near)));
  return slope === undefined ? far : g.add(far, weighed(site, near, slope));
};

/**
 * log Λ(eᵘ, eᵛ) with Λ(a, b) = (a − b)/(log a − log b) the logarithmic mean, the chord of the exponential:
 * max(u, v) + log((1 − e^−d)/d), d = |u − v|; near 0 that is −d/2 + d²/24. Nothing overflows, however far the two are apart.
 */
export const logOfMean = ({ g }: Pick<Site, "g">, u: string, v: string): string => {
  const d = g.op("Abs", [g.sub(u, v)]);
  const near = g.below(d, NEAR_LOG);
  const far = g.add(d, near);
  const share = g.op("Log", [g.div(g.sub(g.floats(1), g.op("Exp", [g.op("Neg", [far])])), far)]);
  const correction = g.add(
    g.mul(g.sub(g.floats(1), near), share),
    g.mul(near, g.mul(d, g.sub(g.scale(d, 1 / 24), g.floats(0.5)))),
  );
  return g.add(g.op("Max", [u, v]), correction);
};
/** Where 1 − e^−d loses digits, −d/2 + d²/24 has them: the next term is −d⁴/2880. */
const NEAR_LOG = 2 ** -3;
