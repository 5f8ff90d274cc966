/**
 * Values over a norm of their own: y = x ⊙ r. The rule holds r fixed (x̄ = r s); the derivative has its change too.
 *
 *   LpNormalization   r = 1/‖x‖ along an axis        x̄ = r (s − c Σ s y),  c = y for p = 2, sign x for p = 1
 *   LRN               r = U^−β, U = k + α/n Σ x²     x̄ = r s − 2αβ/n x ⊙ Σ (s y / U)
 *
 * LRN sums over n neighbouring channels (Krizhevsky et al. 2012); its derivative over those a channel is a neighbour of.
 */
import { getFloat, getInt } from "../onnx/attributes.ts";
import { signOf } from "./activations.ts";
import { onFiniteParts } from "./guard.ts";
import { TINY } from "./norms.ts";
import type { NormalizationRole, Site } from "./role.ts";

export const LpNormalization = onFiniteParts((node) => {
  const [x, y] = [node.input[0]!, node.output[0]!];
  const p = getInt(node, "p", 2);
  const axis = getInt(node, "axis", -1);
  const inverse = ({ g }: Site) => {
    const norm = p === 1 ? g.reduceSum(g.op("Abs", [x]), [axis]) : g.op("Sqrt", [g.reduceSum(g.mul(x, x), [axis])]);
    return g.op("Reciprocal", [g.atLeast(norm, TINY)]);
  };
  const role: NormalizationRole = {
    kind: "normalization",
    inputs: [0],
    nonnegative: (input) => input(0),
    detached: (site, s) => site.g.mul(s, inverse(site)),
    vjp: (site, [r]) => {
      const { g } = site;
      const direction = p === 1 ? signOf(g, x) : y;
      return g.mul(g.sub(r!, g.mul(direction, g.reduceSum(g.mul(r!, y), [axis]))), inverse(site));
    },
  };
  return role;
});

export const LRN = onFiniteParts((node, facts) => {
  const [x, y] = [node.input[0]!, node.output[0]!];
  const size = getInt(node, "size", 1);
  const [alpha, beta, k] = [getFloat(node, "alpha", 1e-4), getFloat(node, "beta", 0.75), getFloat(node, "bias", 1)];
  const rank = facts.rank(x);
  if (rank !== 4) return "its input has no two spatial axes";
  const [before, after] = [Math.floor((size - 1) / 2), Math.ceil((size - 1) / 2)];
  /** The mean over neighbouring channels (what lies outside counts as 0): an average pool with the channels as first spatial axis. */
  const neighbours = ({ g }: Site, value: string, from: number, to: number) =>
    g.op("Squeeze", [
      g.op("AveragePool", [g.op("Unsqueeze", [value, g.ints([1])])], {
        kernel_shape: [size, 1, 1],
        pads: [from, 0, 0, to, 0, 0],
        count_include_pad: 1,
      }),
      g.ints([1]),
    ]);
  const base = (site: Site) => {
    const { g } = site;
    return g.add(g.scale(neighbours(site, g.mul(x, x), before, after), alpha), g.floats(k));
  };
  const scale = (site: Site) => site.g.op("Pow", [base(site), site.g.floats(-beta)]);
  const role: NormalizationRole = {
    kind: "normalization",
    inputs: [0],
    nonnegative: (input) => input(0),
    detached: (site, s) => site.g.mul(s, scale(site)),
    vjp: (site, [r]) => {
      const { g } = site;
      const spread = neighbours(site, g.div(g.mul(r!, y), base(site)), after, before);
      return g.sub(g.mul(r!, scale(site)), g.scale(g.mul(x, spread), 2 * alpha * beta));
    },
  };
  return role;
});
