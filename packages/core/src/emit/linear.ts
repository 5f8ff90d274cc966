/**
 * A rule at a node: its groups, evaluated with the two verbs of the node's role.
 *
 *   s = R ⊘ stab(D),   D = Σ_t f_t (apply[par_t](in_t) + bias_t),   R_in = Σ c Σ_t f_t in_t ⊙ adjoint[par_t](s)
 */
import { type LinearRole, type Role, type Site, shared, weighed } from "../ops/index.ts";
import type { InputPart, LinearRule } from "../rules/index.ts";
import { addFlows, type Flow, full, hasFactor, multiplied, multiplierOf, pair } from "./flow.ts";
import type { Known } from "./known.ts";
import { inputPart } from "./parts.ts";
import { type GroupTrace, type Share, share } from "./share.ts";
import { damping, stabilized } from "./stabilize.ts";
import { coefficientOf, scaledToForward, uniformOf, type Written, weightOf, writeTerms } from "./terms.ts";

export interface LinearResult {
  readonly flows: ReadonlyMap<number, Flow>;
  readonly groups: readonly GroupTrace[];
  /** Factors of groups that have no terms left: what they would have taken goes nowhere. */
  readonly unserved: number;
}

/** A layer and its rule. `direct`: at the head, where R = z ⊙ v, the ε rule is x ⊙ Wᵀv, with nothing divided. */
export interface Layer {
  readonly role: LinearRole;
  readonly rule: LinearRule;
  readonly direct: boolean;
}

export const propagateLinear = (
  site: Site,
  { role, rule, direct }: Layer,
  flow: Flow,
  inputs: readonly number[],
  known: Known,
): LinearResult => {
  const { g, node } = site;
  const flows = new Map<number, Flow>();
  const traces: GroupTrace[] = [];
  let unserved = 0;
  const signs = {
    nonnegative: role.inputs.every((i) => known.nonnegative.has(node.input[i]!)),
    // Relevance that came through a ReLU lies where the layer's output is positive.
    positiveOnly: known.onlyWherePositive(flow, node.output[0]!),
  };
  for (const { factor, terms: listed } of rule.groups) {
    const { terms, epsilon } = scaledToForward(writeTerms(listed, role, signs), rule.epsilon);
    if (terms.length === 0) {
      unserved += factor;
      continue;
    }
    const favoursOutput = listed.some((term) => term.along);
    const given = share({ site, role, factor, terms, flow, epsilon, known, favoursOutput, direct, ...signs });
    traces.push(given.trace);
    for (const i of inputs)
      for (const [part, adjoint] of spread(site, role, factor, terms, given, i))
        flows.set(i, addFlows(g, flows.get(i), weigh(site, role, part, i, adjoint)));
  }
  return { flows, groups: traces, unserved };
};

/** c Σ_t f_t adjoint[par_t](s), by the input part it will be multiplied with. Factors go into the weights, where they are free. */
const spread = (
  site: Site,
  role: LinearRole,
  factor: number,
  terms: readonly Written[],
  { s, along }: Share,
  i: number,
): Map<InputPart, string> => {
  const { g } = site;
  const collected = new Map<InputPart, string>();
  const together = stacked(site, role, factor, terms, s);
  for (const [k, term] of terms.entries()) {
    const sent = term.along ? along : s;
    const adjoint = together?.[k] ?? adjointOf(site, role, term, factor, sent, i);
    collected.set(term.x, collected.has(term.x) ? g.add(collected.get(term.x)!, adjoint) : adjoint);
  }
  return collected;
};

/** The adjoints of all terms in one, where they are sent the same. */
const stacked = (
  site: Site,
  role: LinearRole,
  factor: number,
  terms: readonly Written[],
  s: string,
): readonly string[] | undefined => {
  if (role.stackedAdjoint === undefined || terms.length < 2) return undefined;
  if (terms.some((term) => term.along || uniformOf(term) !== undefined)) return undefined;
  const weights = terms.map((term) => weightOf(site, role, term, factor));
  return weights.every((weight) => weight !== undefined) ? role.stackedAdjoint(site, s, weights) : undefined;
};

const adjointOf = (site: Site, role: LinearRole, term: Written, factor: number, s: string, i: number): string => {
  const uniform = uniformOf(term);
  if (uniform !== undefined && role.uniformAdjoint) return role.uniformAdjoint(site, s, factor * uniform);
  const weight = weightOf(site, role, term, factor);
  return weight === undefined
    ? role.adjoint(site, site.g.scale(s, factor * coefficientOf(term)), i)
    : role.adjoint(site, s, i, weight);
};

const weigh = (site: Site, role: LinearRole, part: InputPart, i: number, adjoint: string): Flow => {
  if (part === "all") return pair(site.node.input[i]!, adjoint);
  return full(part === "one" ? adjoint : weighed(site, adjoint, inputPart(site, role, part, i)));
};

/** A rule that only rescales by the output, for nodes without a linear form: x ⊙ Jᵀ(R ⊘ stab(y)). */
export const propagateHomogeneous = (
  site: Site,
  { vjp, exact }: Pick<Role, "exact"> & { readonly vjp: (s: string, i: number) => string },
  epsilon: number,
  flow: Flow,
  inputs: readonly number[],
): ReadonlyMap<number, Flow> => {
  const { g, node } = site;
  const y = node.output[0]!;
  const own = multiplierOf(flow, y);
  const s =
    own === undefined
      ? shared(site, multiplied(g, flow), stabilized(g, (hasFactor(flow) ? undefined : exact?.(site)) ?? y, epsilon))
      : weighed(site, own, damping(g, y, epsilon, false));
  return new Map(inputs.map((i) => [i, pair(node.input[i]!, vjp(s, i))]));
};
