/**
 * RevealCancel (Shrikumar et al. 2017, section 3.5.2): at an activation y = f(z) above a layer z = x·w + b, what raises z and what lowers it
 * come first in turn, and each takes the mean of what it then changes:
 *
 *   Δy⁺ = ½ (f(z′ + Δz⁺) − f(z′)) + ½ (f(z) − f(z′ + Δz⁻)),   m⁺ = m Δy⁺/Δz⁺;   the same with + and − exchanged
 *
 * The layer hands m⁺ to the inputs that raise z and m⁻ to those that lower it.
 */
import { again, difference, type LinearRole, type Site } from "../ops/index.ts";
import type { Step } from "../plan/index.ts";
import { parameterPart } from "./parts.ts";
import type { Reference } from "./reference.ts";

/** Multipliers of what raises a layer's output, and of what lowers it. */
export interface Split {
  readonly raising: string;
  readonly lowering: string;
}

/** Layers that can be split: one input, weights. */
export const splits = ({ role }: Step): boolean =>
  role.kind === "linear" && role.weight !== undefined && role.inputs.length === 1;

interface Layer {
  readonly site: Site;
  readonly role: LinearRole;
}

const signedParts = ({ site: { g, node }, role }: Layer, reference: Reference) => {
  const i = role.inputs[0]!;
  const dx = difference(g, node.input[i]!, reference.of(node.input[i]!));
  const [up, down] = [parameterPart(g, role.weight!, "positive"), parameterPart(g, role.weight!, "negative")];
  return { i, dx, rising: g.relu(dx), falling: g.negativePart(dx), up, down };
};

/** At the activation: `layer` makes its input. */
export const split = (site: Site, layer: Layer, m: string, reference: Reference): Split => {
  const { g, node } = site;
  const { rising, falling, up, down } = signedParts(layer, reference);
  const apply = (value: string, weight: string) => layer.role.apply(layer.site, [value], weight);
  const raised = g.add(apply(rising, up), apply(falling, down));
  const lowered = g.add(apply(rising, down), apply(falling, up));
  const at = (z: string) => again(site, [z, ...node.input.slice(1)]);
  const base = reference.of(node.input[0]!);
  const [start, end] = [reference.of(node.output[0]!), node.output[0]!];
  const [above, below] = [at(g.add(base, raised)), at(g.add(base, lowered))];
  const change = (first: string, second: string) => g.scale(g.add(g.sub(first, start), g.sub(end, second)), 0.5);
  const multiplier = (dy: string, dz: string) => {
    const none = g.below(g.op("Abs", [dz]), 1e-30);
    return g.mul(m, g.div(dy, g.add(dz, none)));
  };
  return { raising: multiplier(change(above, below), raised), lowering: multiplier(change(below, above), lowered) };
};

/** At the layer. */
export const handOn = (layer: Layer, { raising, lowering }: Split, reference: Reference): ReadonlyMap<number, string> => {
  const { g } = layer.site;
  const { i, dx, up, down } = signedParts(layer, reference);
  const adjoint = (m: string, weight: string) => layer.role.adjoint(layer.site, m, i, weight);
  const rises = g.add(adjoint(raising, up), adjoint(lowering, down));
  const falls = g.add(adjoint(raising, down), adjoint(lowering, up));
  const on = g.above(dx, 0);
  return new Map([[i, g.add(g.mul(on, rises), g.mul(g.sub(g.floats(1), on), falls))]]);
};
