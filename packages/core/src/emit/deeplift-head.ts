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
import type { Logits } from "./logits.ts";
import { atPosition } from "./position.ts";
import { secant } from "./secant.ts";

/** `onehot`: ±1 for a single logit. The result is shaped like the flat rows. */
export const probabilityMultipliers = (g: Builder, logits: Logits, onehot: string): string => {
  const { flat, twin, reading, classes, start, alongClasses } = logits;
  const node = { opType: "Softmax", domain: "", name: "", input: [start], output: [], attribute: [], origin: -1 };
  const site: Site = { g, facts: g.facts, node };
  if (reading.link.kind === "mixture") return onehot; // the output is p: its softmaxes are on the way
  if (reading.twoClasses || reading.link.kind === "sigmoid" || classes === 1)
    return g.mul(onehot, sigmoidSecant(site, flat, twin!));
  const multipliers = alongClasses(flat, (z, axis) => {
    const like = (value: string) => g.op("Reshape", [value, g.op("Shape", [z])]);
    return softmaxMultipliers(site, { z, z2: like(twin!), e: like(onehot), axis });
  });
  return atPosition(g, logits, onehot, multipliers);
};

interface Ends {
  readonly z: string;
  readonly z2: string;
  readonly e: string;
  readonly axis: number;
}

const softmaxMultipliers = (site: Site, { z, z2, e, axis }: Ends): string => {
  const { g } = site;
  const others = (value: string) => g.sub(value, g.mul(e, g.floats(1e30)));
  const { share } = shareOf(site, pairAlong(site, others(z), others(z2), axis));
  const own = (value: string) => g.reduceSum(g.mul(value, e), [axis]);
  /** z_t − log Σ e^z of the others, from their maximum. */
  const lead = (value: string) => {
    const peak = g.ops("TopK", [others(value), g.ints([1])], { axis }, 2)[0]!;
    return g.sub(g.sub(own(value), peak), g.op("Log", [g.reduceSum(g.op("Exp", [g.sub(others(value), peak)]), [axis])]));
  };
  const m = sigmoidSecant(site, lead(z), lead(z2));
  const byLogarithms = g.mul(m, g.sub(e, share));
  return softmaxOf(site, pairAlong(site, z, z2, axis), e, byLogarithms);
};

const sigmoidSecant = (site: Site, z: string, z2: string): string => {
  const { g } = site;
  const [p, p2] = [g.op("Sigmoid", [z]), g.op("Sigmoid", [z2])];
  return secant(site, g.sub(p, p2), g.sub(z, z2), g.mul(p, g.sub(g.floats(1), p)));
};
