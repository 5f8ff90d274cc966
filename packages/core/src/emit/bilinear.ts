/**
 * A matrix product y = A·B of two values, by the ε rule in each operand:
 *
 *   N = R ⊘ stab(k·y),   R_A = A ⊙ ∂y/∂Aᵀ N,   R_B = B ⊙ ∂y/∂Bᵀ N
 *
 * with k the number of operands that take a share: 2, or 1 where the other one only weighs (attention weights held fixed).
 * Achtibat et al. 2024, eq. 13; Ali et al. 2022.
 */
import { type Site, shared, weighed } from "../ops/index.ts";
import type { Step } from "../plan/index.ts";
import { type Flow, multiplied, multiplierOf, pair } from "./flow.ts";
import { damping, stabilized } from "./stabilize.ts";

export const propagateBilinear = (site: Site, { role, rule, inputs, sharing }: Step, flow: Flow): ReadonlyMap<number, Flow> => {
  const { g, node } = site;
  const y = node.output[0]!;
  const epsilon = rule.epsilon as number;
  const k = rule.gate === undefined ? sharing.length : 1; // operands that take a share
  const own = multiplierOf(flow, y);
  // y ⊘ stab(k·y) = (1/k) |y| ⊘ (|y| + ε/k)
  const n =
    own === undefined
      ? shared(site, multiplied(g, flow), stabilized(g, g.scale(y, k), epsilon))
      : weighed(site, own, g.scale(damping(g, y, epsilon / k, false), 1 / k));
  return new Map(inputs.filter((i) => i !== rule.gate).map((i) => [i, pair(node.input[i]!, role.vjp(site, [n], i))]));
};
