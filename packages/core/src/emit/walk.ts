/** The single backward walk: from the seed, step by step, to the explained values. */
import type { Builder } from "../graph/builder.ts";
import { blockable, isLinear } from "../ops/index.ts";
import type { Plan, Step } from "../plan/index.ts";
import { type LinearRule, linearRule, rules } from "../rules/index.ts";
import { propagateBilinear } from "./bilinear.ts";
import { withBounds } from "./bounds.ts";
import { differencesOf, propagateDifferences } from "./deeplift.ts";
import { addFlows, type Flow, full, multiplied, pair } from "./flow.ts";
import { knownOf } from "./known.ts";
import { propagateHomogeneous, propagateLinear } from "./linear.ts";
import { propagateLocal } from "./local.ts";
import { type Masked, Masking, type Masks } from "./masking.ts";
import type { Reference } from "./reference.ts";
import type { GroupTrace } from "./share.ts";
import { Tail } from "./tail.ts";
import { propagateTurned } from "./turned-head.ts";

/** What happened at one step, for the ledger. */
export interface Visit {
  readonly step: Step;
  /** Relevance at the node's outputs. */
  readonly arrived: readonly (Flow | undefined)[];
  readonly left: ReadonlyMap<number, Flow>;
  readonly groups: readonly GroupTrace[];
  readonly unserved: number;
}

/** Who looks on. */
export interface Watching {
  readonly visit?: ((visit: Visit) => void) | undefined;
  /** The forward on a reference input, for methods that explain a difference. */
  readonly reference?: Reference | undefined;
  /** With start `direct`: where relevance enters, as value ⊙ v. */
  readonly entered?: ((value: string, v: string) => void) | undefined;
  /** Of one logit whose two classes start as R = 1: ±1, by which the head's signs are turned. */
  readonly onehot?: string | undefined;
  readonly masks?: Masks | undefined;
  /** Sees each masked value. */
  readonly masked?: ((masked: Masked) => void) | undefined;
}

/** Relevance at every value on the path, given the relevance at the start. `visit` sees each step. */
export const walk = (
  g: Builder,
  plan: Plan,
  seed: Flow,
  { visit, reference, entered, onehot, masks, masked }: Watching = {},
): ReadonlyMap<string, Flow> => {
  const known = knownOf(plan.steps, plan.nonnegative);
  const differences = reference && differencesOf(plan, reference);
  const derived = derivedMaps(g, plan);
  const at = new Map<string, Flow>();
  const tail = plan.recipe.start === "direct" ? new Tail(g, plan.start, multiplied(g, seed)) : undefined;
  if (tail === undefined) at.set(plan.start, seed);
  const enter = (name: string): void => {
    const v = tail?.take(name);
    if (v === undefined) return;
    at.set(name, addFlows(g, at.get(name), pair(name, v)));
    entered?.(name, v);
  };
  const masking = masks && new Masking(g, { masks, at, tail, masked });
  for (let k = plan.steps.length - 1; k >= 0; k--) {
    const step = plan.steps[k]!;
    const { node, role, rule, inputs } = step;
    for (const name of node.output) {
      if (!step.tail) enter(name);
      masking?.meet(name);
    }
    if (step.tail) tail?.through(step);
    const arrived = node.output.map((name) => at.get(name));
    if (arrived.every((flow) => flow === undefined)) continue;
    const site = { g, facts: g.facts, node };
    let groups: readonly GroupTrace[] = [];
    let unserved = 0;
    let left: ReadonlyMap<number, Flow>;
    if (differences !== undefined) {
      const cotangents = arrived.map((flow) => flow && multiplied(g, flow));
      for (const [i, m] of propagateDifferences(site, step, cotangents, differences))
        at.set(node.input[i]!, addFlows(g, at.get(node.input[i]!), full(m)));
      continue;
    }
    const algebra = withBounds(site, step, linearAlgebra(step, plan.recipe.stabilizer));
    if (algebra !== undefined && isLinear(role) && step.head && onehot !== undefined) {
      const layer = { role, rule: algebra, direct: false };
      ({ flows: left, groups, unserved } = propagateTurned(site, { layer, flow: arrived[0]!, inputs, known, onehot }));
    } else if (algebra !== undefined && isLinear(role))
      ({
        flows: left,
        groups,
        unserved,
      } = propagateLinear(
        site,
        { role, rule: algebra, direct: step.head === true && tail !== undefined },
        arrived[0]!,
        inputs,
        known,
      ));
    else if (algebra !== undefined) {
      const vjp = (s: string, i: number) => (role.kind === "normalization" ? role.detached(site, s) : role.vjp(site, [s], i));
      left = propagateHomogeneous(site, { ...role, vjp }, algebra.epsilon, arrived[0]!, inputs);
    } else if (role.kind === "bilinear" && rule.name !== "gradient") {
      left = propagateBilinear(site, step, arrived[0]!);
    } else left = propagateLocal(site, step, arrived, known);
    visit?.({ step, arrived, left, groups, unserved });
    for (const [i, flow] of left) {
      const name = node.input[i]!;
      at.set(name, addFlows(g, at.get(name), flow, derived.get(name)));
    }
  }
  for (const name of plan.explained) {
    enter(name);
    if (!plan.steps.some(({ node }) => node.output.includes(name))) masking?.meet(name);
  }
  masking?.finish();
  return at;
};

/** Channels of maps whose makers take relevance by their derivative alone, which nothing but products of maps is written for. */
const derivedMaps = (g: Builder, { steps }: Plan): ReadonlyMap<string, number | undefined> =>
  new Map(
    steps
      .filter(({ rule }) => rule.name === "gradient")
      .flatMap(({ node }) => node.output.map((name) => [name, blockable(g.facts.shape(name) ?? [])] as const)),
  );

const linearAlgebra = ({ rule }: Step, stabilizer: number): LinearRule | undefined =>
  rules[rule.name]?.groups === undefined ? undefined : linearRule(rule, stabilizer);
