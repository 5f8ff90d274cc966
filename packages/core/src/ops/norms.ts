/**
 * Norms and other reductions that are no sums. Each is a sum Σ c x whose coefficients c depend on x themselves: held fixed, they say
 * what each value contributes (rule), and with their own change they give the derivative (∂y/∂x):
 *
 *                        c               ∂y/∂x
 *   L1    Σ |x|          sign x          sign x
 *   L2    √Σ x²          x / y           x / y
 *   SumSquare  Σ x²      x               2x
 *   LogSum     log Σ x   y / Σ x         1 / Σ x
 *   LogSumExp  log Σ eˣ  eˣ / Σ eˣ       eˣ / Σ eˣ      (y = Σ c x + the entropy of c)
 *   Prod  Π x, n values  Π others / n    Π others
 *   Lp pool  (Σ |x|ᵖ)^¹ᐟᵖ  sign x (|x|/y)ᵖ⁻¹, both
 */
import type { Builder } from "../graph/builder.ts";
import { getInt } from "../onnx/attributes.ts";
import { signOf } from "./activations.ts";
import { onFiniteParts, weighed } from "./guard.ts";
import { spreadOverWindow } from "./pool.ts";
import { countAlong, reducedAxes, restoreAxes } from "./reduce.ts";
import { again, type NormalizationRole, type Op, type Site } from "./role.ts";
import { windowOf } from "./window.ts";

type Coefficients = (site: Site, x: string, y: string, axes: readonly number[]) => string;

/** Keeps 0/0 at 0, and is too small to matter elsewhere. */
export const TINY = 2 ** -100;
const overNorm = (g: Builder, a: string, norm: string): string => g.div(a, g.atLeast(norm, TINY));

/** y = Σ c(x) x over axes, times s. */
const reduction =
  (fixed: Coefficients, derivative: Coefficients = fixed, nonnegative = false): Op =>
  (node, facts) => {
    const axes = reducedAxes(node, facts);
    if (typeof axes === "string") return axes;
    if (axes.length === 0) return { kind: "structural", inputs: [0], vjp: (_, [r]) => r! };
    const times = (coefficients: Coefficients) => (site: Site, s: string) => {
      const [x, y] = [node.input[0]!, restoreAxes(site, node.output[0]!, node, axes)];
      return weighed(site, restoreAxes(site, s, node, axes), coefficients(site, x, y, axes));
    };
    const role: NormalizationRole = {
      kind: "normalization",
      inputs: [0],
      vjp: (site, [r]) => times(derivative)(site, r!),
      detached: times(fixed),
      nonnegative: () => nonnegative,
    };
    return role;
  };

export const ReduceL1 = reduction(({ g }, x) => signOf(g, x), undefined, true);
export const ReduceL2 = reduction(({ g }, x, y) => overNorm(g, x, y), undefined, true);
export const ReduceSumSquare = reduction(
  (_, x) => x,
  ({ g }, x) => g.scale(x, 2),
  true,
);
export const ReduceLogSum = reduction(
  (site, x, y) => site.g.op("Expand", [site.g.div(y, site.g.op("Exp", [y])), site.g.shape(x)]),
  (site, x, y) => site.g.op("Expand", [site.g.op("Exp", [site.g.op("Neg", [y])]), site.g.shape(x)]),
);
export const ReduceLogSumExp = reduction(({ g }, x, y) => g.op("Exp", [g.sub(x, y)]));

/** Π of the others: Π of the values that are not 0, over x where it is one of them, unless another value is 0. */
const others: Coefficients = (site, x, _, axes) => {
  const { g, node } = site;
  const zero = g.mask(g.op("Equal", [x, g.floats(0)]));
  const safe = g.add(x, zero);
  const otherZeros = g.sub(g.reduceSum(zero, axes), zero);
  const product = restoreAxes(site, again(site, [safe, ...node.input.slice(1)]), node, axes);
  return g.mul(g.div(product, safe), g.mask(g.op("Equal", [otherZeros, g.floats(0)])));
};
export const ReduceProd = reduction(
  (site, x, y, axes) => site.g.div(others(site, x, y, axes), countAlong(site, x, axes)),
  others,
);

/** sign x |x|ᵖ⁻¹ */
const power = (g: Builder, x: string, p: number): string => {
  if (p === 1) return signOf(g, x);
  return p === 2 ? x : g.mul(signOf(g, x), g.op("Pow", [g.op("Abs", [x]), g.floats(p - 1)]));
};
/** s / yᵖ⁻¹ */
const overPower = (g: Builder, s: string, y: string, p: number): string => {
  if (p === 1) return s;
  return p === 2 ? overNorm(g, s, y) : overNorm(g, s, g.op("Pow", [y, g.floats(p - 1)]));
};

const pool = (adjoint: (site: Site, share: string) => string): Op => {
  return (node) => {
    const p = getInt(node, "p", 2);
    const detached = (site: Site, s: string) => {
      const { g } = site;
      return g.mul(power(g, node.input[0]!, p), adjoint(site, overPower(g, s, node.output[0]!, p)));
    };
    return { kind: "normalization", inputs: [0], nonnegative: () => true, detached, vjp: (site, [r]) => detached(site, r!) };
  };
};

export const GlobalLpPool = onFiniteParts(pool((_, share) => share));
export const LpPool = onFiniteParts((node, facts) => {
  const channels = facts.shapeOf(node.input[0]!)[1];
  if (typeof channels !== "number") return "its number of channels is dynamic";
  return pool((site, share) => spreadOverWindow(site, share, { ...windowOf(node, facts), group: channels }))(node, facts);
});
