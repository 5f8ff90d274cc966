/**
 * The head of a model with one logit, where relevance starts as R = 1: for the negative class its weights and bias change sign, so that
 * rules that tell signs apart (z⁺, αβ, z^B) show what speaks *for* that class. Which class a sample is explained for is known at run
 * time: both heads are written, each with its own samples' relevance.
 */
import type { Site } from "../ops/index.ts";
import { addFlows, type Flow, full, multiplied } from "./flow.ts";
import type { Known } from "./known.ts";
import { type Layer, type LinearResult, propagateLinear } from "./linear.ts";

export interface TurnedHead {
  readonly layer: Layer;
  readonly flow: Flow;
  readonly inputs: readonly number[];
  readonly known: Known;
  /** ±1, [N, 1]. */
  readonly onehot: string;
}

export const propagateTurned = (site: Site, { layer, flow, inputs, known, onehot }: TurnedHead): LinearResult => {
  const { g, facts, node } = site;
  const { role } = layer;
  const rank = facts.rank(node.output[0]!);
  const along = (value: string) => g.op("Reshape", [value, g.ints([-1, ...Array.from({ length: rank - 1 }, () => 1)])]);
  const of = (samples: string): Flow => full(g.mul(multiplied(g, flow), along(samples)));
  const minus = (value: string | undefined) => value && g.op("Neg", [value]);
  const [weight, bias] = [minus(role.weight), minus(role.bias)];
  for (const [made, like] of [
    [weight, role.weight],
    [bias, role.bias],
  ] as const)
    if (made !== undefined && like !== undefined) facts.add(made, facts.shapeOf(like));
  // The forward's own z is that of the other sign.
  const turned = { ...role, ...(weight && { weight }), ...(bias && { bias }), recomputed: true as const };
  const plain = propagateLinear(site, layer, of(g.relu(onehot)), inputs, known);
  const other = propagateLinear(site, { ...layer, role: turned }, of(g.relu(g.op("Neg", [onehot]))), inputs, known);
  const flows = new Map(plain.flows);
  for (const [i, own] of other.flows) flows.set(i, addFlows(g, flows.get(i), own));
  return { flows, groups: [...plain.groups, ...other.groups], unserved: plain.unserved };
};
