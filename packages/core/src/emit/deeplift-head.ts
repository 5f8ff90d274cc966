/**
 * DeepLIFT of a probability does not stop at the logits: multipliers v with p − p′ = Σ v Δz go through the softmax or sigmoid that was
 * cut off, by the rule it has inside networks (complete, v_t ≥ 0, v_j ≤ 0 for the others). Where the two maxima are so far apart that
 * exponentials vanish, from logarithms: with u = z_t − log Σ e^z of the others, m = Δσ(u)/Δu,
 *
 *   v_t = m,   v_j = −m Λ(e_j, e_j′)/Λ(S, S′),   S = Σ e over the others
 */
import type { Builder } from "../graph/builder.ts";
import type { Site } from "../ops/index.ts";
import { pairAlong, shareOf, softmaxOf } from "./deeplift-softmax.ts";
import { secant } from "./secant.ts";
import type { Logits } from "./seed.ts";

/** `onehot`: ±1 for a single logit. The result is [N, classes]. */
export const probabilityMultipliers = (
  g: Builder,
  { flat, binary, head, start }: Logits,
  twin: string,
  onehot: string,
): string => {
  const node = { opType: "Softmax", domain: "", name: "", input: [start], output: [], attribute: [], origin: -1 };
  const site: Site = { g, facts: g.facts, node };
  if (binary || head === "sigmoid") return g.mul(onehot, sigmoidSecant(site, flat, twin));
  const others = (z: string) => g.sub(z, g.mul(onehot, g.floats(1e30)));
  const { share } = shareOf(site, pairAlong(site, others(flat), others(twin), 1));
  const own = (z: string) => g.reduceSum(g.mul(z, onehot), [-1]);
  /** z_t − log Σ e^z of the others, from their maximum. */
  const lead = (z: string) => {
    const peak = g.ops("TopK", [others(z), g.ints([1])], { axis: 1 }, 2)[0]!;
    return g.sub(g.sub(own(z), peak), g.op("Log", [g.reduceSum(g.op("Exp", [g.sub(others(z), peak)]), [1])]));
  };
  const m = sigmoidSecant(site, lead(flat), lead(twin));
  const byLogarithms = g.mul(m, g.sub(onehot, share));
  return softmaxOf(site, pairAlong(site, flat, twin, 1), onehot, byLogarithms);
};

const sigmoidSecant = (site: Site, z: string, z2: string): string => {
  const { g } = site;
  const [p, p2] = [g.op("Sigmoid", [z]), g.op("Sigmoid", [z2])];
  return secant(site, g.sub(p, p2), g.sub(z, z2), g.mul(p, g.sub(g.floats(1), p)));
};
