/**
 * DeepLIFT (Shrikumar et al. 2017): multipliers m with Δy = Σ m Δx over the difference from a reference, so that Σ m Δx = f(x) − f(x′).
 *
 *   linear, moves        the adjoint
 *   activation, rescale  m = m_y Δy/Δx, the derivative where Δx vanishes; RevealCancel in reveal-cancel.ts
 *   product a·b          m_a = m_y (b + b′)/2, m_b = m_y (a + a′)/2; a quotient is a product with 1/b, whose secant is −1/(b b′)
 *   softmax e/S          a product of e and 1/S
 *   winner               what rises goes to where x has its maximum, what falls to where the reference has it
 *   normalization        a product with 1/std
 */
import type { Builder } from "../graph/builder.ts";
import type { GraphNode } from "../graph/graph.ts";
import { getInt } from "../onnx/attributes.ts";
import { type ActivationRole, type NormalizationRole, type Role, roleOf, type Site, unbroadcast } from "../ops/index.ts";
import type { Plan, Step } from "../plan/index.ts";
import type { Reference } from "./reference.ts";
import { handOn, type Split, split, splits } from "./reveal-cancel.ts";

/** Below this difference an activation is taken by its derivative. */
const NEAR = 1e-6;

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
  const { g, node } = site;
  const twin = reference.node(node);
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
      return to((i) => g.mul(m[0]!, activation(site, role, twin, i)));
    }
    case "product":
      return node.opType === "Div" ? to((i) => quotient(site, twin, m[0]!, i)) : to((i) => averaged(site, twin, m[0]!, i));
    case "bilinear":
      return to((i) => averaged(site, twin, m[0]!, i));
    case "softmax":
      return to(() => softmax(site, role, twin, m[0]!));
    case "selection":
      return to((i) => winner(site, role, twin, m[0]!, i));
    case "normalization":
      return to((i) => normalization(site, role, twin, m[0]!) ?? role.vjp(site, m, i));
    default:
      return to((i) => role.vjp(site, m, i));
  }
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

/** Δy/Δx of one variable, `slope` where Δx vanishes; 0 where no slope is given. */
const secant = (g: Builder, dy: string, dx: string, slope?: string): string => {
  const near = g.below(g.op("Abs", [dx]), NEAR);
  const far = g.mul(g.sub(g.floats(1), near), g.div(dy, g.add(dx, near)));
  return slope === undefined ? far : g.add(far, g.mul(near, slope));
};

/** f(x) − f(x′) over x − x′, and f′(x) where x is at its reference. */
const activation = (site: Site, role: ActivationRole, twin: GraphNode, i: number): string => {
  const { g, node } = site;
  const [dx, dy] = [g.sub(node.input[i]!, twin.input[i]!), g.sub(node.output[0]!, twin.output[0]!)];
  return secant(g, dy, dx, role.derivative(site));
};

/** The derivative of one factor with the others at their mean: exact for a product of two. */
const averaged = (site: Site, twin: GraphNode, m: string, i: number): string => {
  const { g, node, facts } = site;
  const input = node.input.map((name, k) => {
    if (k === i || name === twin.input[k]) return name;
    const mean = g.scale(g.add(name, twin.input[k]!), 0.5);
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
  const inverse = (v: string) => g.op("Reciprocal", [v]);
  if (i === 0) return back(site, g.mul(m, g.scale(g.add(inverse(b), inverse(b2)), 0.5)), 0);
  const mean = g.scale(g.add(a, a2), -0.5);
  return back(site, g.div(g.mul(m, mean), g.mul(b, b2)), 1);
};

/**
 * s = e/S with e = exp(x − c), S = Σ e and any c shared by x and reference: m_e = m (1/S + 1/S′)/2 − Σ m (e + e′)/2 / (S S′), and
 * e by its secant. c is the larger of the two maxima, so that nothing overflows.
 */
const softmax = (site: Site, role: Role, twin: GraphNode, m: string): string => {
  const { g, node, facts } = site;
  const [x, x2] = [node.input[0]!, twin.input[0]!];
  if (node.opType !== "Softmax") return role.vjp(site, [m], 0);
  const axis = getInt(node, "axis", -1);
  const axes = [axis < 0 ? axis + facts.rank(x) : axis];
  const peak = (v: string) => g.ops("TopK", [v, g.ints([1])], { axis: axes[0]! }, 2)[0]!;
  const c = g.op("Max", [peak(x), peak(x2)]);
  const [e, e2] = [g.op("Exp", [g.sub(x, c)]), g.op("Exp", [g.sub(x2, c)])];
  const [S, S2] = [g.reduceSum(e, axes), g.reduceSum(e2, axes)];
  const direct = g.mul(m, g.scale(g.add(g.op("Reciprocal", [S]), g.op("Reciprocal", [S2])), 0.5));
  const shared = g.div(g.reduceSum(g.mul(m, g.scale(g.add(e, e2), 0.5)), axes), g.mul(S, S2));
  return g.mul(g.sub(direct, shared), secant(g, g.sub(e, e2), g.sub(x, x2), e));
};

/** Shares of Δy: max(y, y′) − y′ at the winner for x, y − max(y, y′) at the winner for the reference; divided by Δx there. */
const winner = (site: Site, role: Role, twin: GraphNode, m: string, i: number): string => {
  const { g, node } = site;
  const [y, y2] = [node.output[0]!, twin.output[0]!];
  const highest = g.add(y2, g.relu(g.sub(y, y2)));
  const rise = role.vjp(site, [g.mul(m, g.sub(highest, y2))], i);
  const fall = roleAt(twin, site).vjp({ ...site, node: twin }, [g.mul(m, g.sub(y, highest))], i);
  return secant(g, g.add(rise, fall), g.sub(node.input[i]!, twin.input[i]!));
};
