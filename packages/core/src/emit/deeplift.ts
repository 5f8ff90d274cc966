/**
 * DeepLIFT (Shrikumar et al. 2017): multipliers m with Δy = Σ m Δx over the difference from a reference, so that Σ m Δx = f(x) − f(x′).
 *
 *   linear, moves        the adjoint
 *   activation, rescale  m = m_y Δy/Δx, the derivative where Δx vanishes; RevealCancel in reveal-cancel.ts
 *   product a·b          m_a = m_y (b + b′)/2, m_b = m_y (a + a′)/2; a quotient is a product with 1/b, whose secant is −1/(b b′)
 *   softmax e/S          a product of e and 1/S (deeplift-softmax.ts)
 *   choice of a or b     where the reference chose the other one, the shares of a and b on which Δy lies between Δa and Δb
 *   winner               what rises goes to where x has its maximum, what falls to where the reference has it
 *   normalization        a product with 1/std
 *   norms                deeplift-reductions.ts
 *   steps of one number  m = Σ m_y Δy/Δz (plan/bridges.ts)
 *   trees                exact Shapley values of their columns (trees/pairwise.ts)
 */
import type { GraphNode } from "../graph/graph.ts";
import {
  type ActivationRole,
  clampedPart,
  difference,
  finitePart,
  inverse,
  type NormalizationRole,
  type Role,
  roleOf,
  type Site,
  unbroadcast,
  weighed,
} from "../ops/index.ts";
import { CHORD } from "../plan/bridges.ts";
import type { Plan, Step } from "../plan/index.ts";
import { isTrees } from "../trees/index.ts";
import { reduced } from "./deeplift-reductions.ts";
import { logSoftmax, logSumExp, softmax } from "./deeplift-softmax.ts";
import type { Reference } from "./reference.ts";
import { handOn, type Split, split, splits } from "./reveal-cancel.ts";
import { secant } from "./secant.ts";
import { treeMultipliers } from "./trees/pairwise.ts";

export interface Differences {
  readonly reference: Reference;
  /** RevealCancel: the layer that makes a value which only this activation reads. */
  readonly below?: (value: string) => Step | undefined;
  readonly split: Map<string, Split>;
}

/** Once for a walk. */
export const differencesOf = (plan: Plan, reference: Reference): Differences => {
  const split = new Map<string, Split>();
  if (plan.recipe.params.rule !== "reveal-cancel") return { reference, split };
  const layers = new Map(plan.steps.filter(splits).map((step) => [step.node.output[0]!, step]));
  const readers = new Map<string, number>();
  for (const { node } of plan.steps) for (const name of node.input) readers.set(name, (readers.get(name) ?? 0) + 1);
  return {
    reference,
    split,
    below: (value) => (readers.get(value) === 1 && value !== plan.start ? layers.get(value) : undefined),
  };
};

/** Multipliers at the inputs of a step; `m`: at its outputs. */
export const propagateDifferences = (
  site: Site,
  step: Step,
  m: readonly (string | undefined)[],
  { reference, below, split: pending }: Differences,
): ReadonlyMap<number, string> => {
  const { role, inputs } = step;
  const to = (make: (i: number) => string) => new Map(inputs.map((i) => [i, make(i)]));
  const { node } = site;
  if (step.rule.name === CHORD) return to(() => chord(site, m[0]!, reference));
  const twin = reference.node(node);
  if (isTrees(node)) return to(() => treeMultipliers(site, twin.input[0]!, m.at(-1)!));
  const waiting = pending.get(node.output[0]!);
  if (waiting !== undefined && role.kind === "linear") return handOn({ site, role }, waiting, reference);
  switch (role.kind) {
    case "activation": {
      const layer = below?.(node.input[0]!);
      if (layer?.role.kind === "linear") {
        const parts = split(site, { site: { ...site, node: layer.node }, role: layer.role }, m[0]!, reference);
        pending.set(node.input[0]!, parts);
        return new Map([[0, parts.raising]]); // the layer takes both
      }
      return to((i) => weighed(site, m[0]!, activation(site, role, twin, i)));
    }
    case "product":
      return node.opType === "Div" ? to((i) => quotient(site, twin, m[0]!, i)) : to((i) => averaged(site, twin, m[0]!, i));
    case "bilinear":
      return to((i) => averaged(site, twin, m[0]!, i));
    case "softmax":
      return to(() => (node.opType === "Softmax" ? softmax : logSoftmax)(site, twin, m[0]!));
    case "selection":
      return to((i) => winner(site, role, twin, m[0]!, i));
    case "structural":
      return to((i) => (isChoice(node, twin) ? choice(site, twin, m[0]!, i) : role.vjp(site, m, i)));
    case "normalization":
      if (node.opType === "ReduceLogSumExp") return to(() => logSumExp(site, twin, m[0]!));
      return to((i) => reduced(site, twin, m[0]!) ?? normalization(site, role, twin, m[0]!) ?? role.vjp(site, m, i));
    default:
      return to((i) => role.vjp(site, m, i));
  }
};

/** Of one number z a sample, and whatever is made of it; where z is as in the reference, all of that is too. */
const chord = (site: Site, m: string, reference: Reference): string => {
  const { g, facts, node } = site;
  const [z, y] = [node.input[0]!, node.output[0]!];
  const made = g.mul(m, difference(g, y, reference.of(y)));
  const total = g.reduceSum(g.op("Reshape", [made, g.ints([0, -1])]), [1]);
  const dz = g.op("Reshape", [difference(g, z, reference.of(z)), g.ints([-1, 1])]);
  const same = g.mask(g.op("Equal", [dz, g.floats(0)]));
  return g.reshape(g.div(total, g.add(dz, same)), facts.shapeOf(z), z);
};

/** The role of the same operator on other values. */
const roleAt = (node: GraphNode, { facts }: Site): Role => {
  const role = roleOf(node, facts);
  if (typeof role === "string") throw new Error(role);
  return role;
};

const normalization = (site: Site, role: NormalizationRole, twin: GraphNode, m: string): string | undefined => {
  const other = roleAt(twin, site);
  const reference = other.kind === "normalization" ? other.standardized?.({ ...site, node: twin }) : undefined;
  return reference && role.secant?.(site, reference, m);
};

/** f(x) − f(x′) over x − x′, and f′(x) where x is at its reference. */
const activation = (site: Site, role: ActivationRole, twin: GraphNode, i: number): string => {
  const { g, node } = site;
  const [dx, dy] = [difference(g, node.input[i]!, twin.input[i]!), difference(g, node.output[0]!, twin.output[0]!)];
  return secant(site, dy, dx, role.derivative(site));
};

/** The derivative of one factor with the others at their mean: exact for a product of two. */
const averaged = (site: Site, twin: GraphNode, m: string, i: number): string => {
  const { g, node, facts } = site;
  const input = node.input.map((name, k) => {
    if (k === i || name === twin.input[k]) return name;
    const mean = g.scale(g.add(finitePart(g, name), finitePart(g, twin.input[k]!)), 0.5);
    facts.add(mean, facts.shapeOf(name), false);
    return mean;
  });
  const between = { ...node, input };
  return roleAt(between, site).vjp({ ...site, node: between }, [m], i);
};

const back = ({ g, facts, node }: Site, r: string, i: number): string =>
  unbroadcast(g, r, facts.shapeOf(node.output[0]!), facts.shapeOf(node.input[i]!), node.input[i]!);

/** a/b = a · (1/b) */
const quotient = (site: Site, twin: GraphNode, m: string, i: number): string => {
  const { g, node } = site;
  const [[a, b], [a2, b2]] = [node.input as [string, string], twin.input as [string, string]];
  const [up, up2] = [inverse(site, b), inverse(site, b2)];
  if (i === 0) return back(site, weighed(site, m, g.scale(g.add(up, up2), 0.5)), 0);
  const mean = g.scale(g.add(finitePart(g, a), finitePart(g, a2)), -0.5);
  return back(site, g.mul(g.mul(m, mean), g.mul(up, up2)), 1);
};

/** A Where whose condition is computed from the explained input. */
const isChoice = (node: GraphNode, twin: GraphNode): boolean => node.opType === "Where" && node.input[0] !== twin.input[0];

/** y = a or b. Where both chose the same it is that one; else m_a = α m, m_b = (1 − α) m with α Δa + (1 − α) Δb = Δy. */
const choice = (site: Site, twin: GraphNode, m: string, i: number): string => {
  const { g, node } = site;
  const [here, there] = [g.mask(node.input[0]!), g.mask(twin.input[0]!)];
  const [da, db] = [1, 2].map((k) => difference(g, node.input[k]!, twin.input[k]!)) as [string, string];
  const dy = difference(g, node.output[0]!, twin.output[0]!);
  const other = g.op("Abs", [g.sub(here, there)]);
  const between = secant(site, g.sub(dy, db), g.sub(da, db), here);
  const alpha = g.add(here, g.mul(other, g.sub(between, here)));
  return back(site, g.mul(m, i === 1 ? alpha : g.sub(g.floats(1), alpha)), i);
};

/** Shares of Δy: max(y, y′) − y′ at the winner for x, y − max(y, y′) at the winner for the reference; divided by Δx there. */
const winner = (site: Site, role: Role, twin: GraphNode, m: string, i: number): string => {
  const { g, node } = site;
  const [y, y2] = [clampedPart(g, node.output[0]!), clampedPart(g, twin.output[0]!)];
  const highest = g.add(y2, g.relu(g.sub(y, y2)));
  const rise = role.vjp(site, [g.mul(m, g.sub(highest, y2))], i);
  const fall = roleAt(twin, site).vjp({ ...site, node: twin }, [g.mul(m, g.sub(y, highest))], i);
  return secant(site, g.add(rise, fall), difference(g, node.input[i]!, twin.input[i]!));
};
