/**
 * A rule at a node: its groups, evaluated with the two verbs of the node's role.
 *
 *   s = gate ⊙ R ⊘ stab(D),   D = Σ_t s_t (apply[par_t](in_t) + bias_t),   R_in = Σ c Σ_t s_t in_t ⊙ adjoint[par_t](s)
 *
 * What is known to be zero is not written: x⁻ terms where x ≥ 0, the group of negative outputs where a ReLU follows.
 */
import type { Shape } from "../graph/facts.ts";
import type { LinearRole, Site } from "../ops/index.ts";
import type { Group, LinearRule, Term } from "../rules/index.ts";
import { addFlows, type Flow, full, multiplied, multiplierOf, pair } from "./flow.ts";
import type { Known } from "./known.ts";
import { coefficientPart, inputPart, isFixed, parameterPart } from "./parts.ts";
import { damping, stabilized } from "./stabilize.ts";

/** What the ledger needs of a group. */
export interface GroupTrace {
  readonly factor: number;
  readonly s: string;
  readonly epsilon: number;
  /** D, or D + ε (D − ε where D ≤ 0) when `includesEpsilon`. */
  readonly denominator: string;
  readonly sign: "positive" | "negative" | "any";
  readonly includesEpsilon: boolean;
  /** The denominator looks at no input: it has a batch of 1. */
  readonly fixed: boolean;
  readonly biases: readonly { readonly value: string; readonly sign: number; readonly shape: Shape }[];
  /** D may be exactly 0 where R is not. */
  readonly canBeEmpty: boolean;
  /** The part of R this group took, where a gate let only a part through. */
  readonly gated?: string;
  /** Of the node's output. */
  readonly shape: Shape;
  readonly channelAxis: number;
}

export interface LinearResult {
  readonly flows: ReadonlyMap<number, Flow>;
  readonly groups: readonly GroupTrace[];
  /** Factors of groups that have no terms left: what they would have taken goes nowhere. */
  readonly unserved: number;
}

export const propagateLinear = (
  site: Site,
  role: LinearRole,
  rule: LinearRule,
  flow: Flow,
  inputs: readonly number[],
  known: Known,
): LinearResult => {
  const { g, node } = site;
  const flows = new Map<number, Flow>();
  const traces: GroupTrace[] = [];
  let unserved = 0;
  const nonnegative = role.inputs.every((i) => known.nonnegative.has(node.input[i]!));
  // Relevance that came through a ReLU lies where the layer's output is positive.
  const positiveOnly = known.onlyWherePositive(flow, node.output[0]!);
  for (const group of rule.groups) {
    if (group.gate === "negative" && positiveOnly) continue;
    const terms = group.terms.flatMap((term) => prune(term, role, nonnegative));
    if (terms.length === 0) {
      unserved += group.factor;
      continue;
    }
    const { s, trace } = share(site, role, { ...group, terms }, flow, rule.epsilon, { known, positiveOnly, nonnegative });
    traces.push(trace);
    for (const i of inputs)
      for (const [part, adjoint] of spread(site, role, { ...group, terms }, s, i))
        flows.set(i, addFlows(g, flows.get(i), weigh(site, role, part, i, adjoint)));
  }
  return { flows, groups: traces, unserved };
};

const prune = (term: Term, role: LinearRole, nonnegative: boolean): readonly Term[] => {
  if (nonnegative && term.x === "negative") return [];
  if (role.weight === undefined && coefficientPart(term.w) === 0) return [];
  return [nonnegative && term.x === "positive" ? { ...term, x: "all" } : term];
};

interface Signs {
  readonly known: Known;
  /** R is zero where the node's output is negative. */
  readonly positiveOnly: boolean;
  /** All inputs are ≥ 0. */
  readonly nonnegative: boolean;
}

/** s = gate ⊙ R ⊘ stab(D) for one group. */
const share = (
  site: Site,
  role: LinearRole,
  group: Group,
  flow: Flow,
  epsilon: number,
  signs: Signs,
): { s: string; trace: GroupTrace } => {
  const { g, node } = site;
  const { known, positiveOnly, nonnegative } = signs;
  const z = node.output[0]!;
  const { terms } = group;
  const biases = terms.flatMap((t) =>
    t.b !== undefined && role.bias
      ? [{ value: parameterPart(g, role.bias, t.b), sign: t.sign ?? 1, shape: g.facts.shapeOf(role.bias) }]
      : [],
  );
  const complete = role.bias === undefined || biases.length > 0;
  const masked = group.gate !== undefined && !positiveOnly;
  const arriving = (): string =>
    masked
      ? g.mul(multiplied(g, flow), g.mask(g.op(group.gate === "positive" ? "Greater" : "Less", [z, g.floats(0)])))
      : multiplied(g, flow);
  const trace = (
    s: string,
    denominator: string,
    sign: GroupTrace["sign"],
    includesEpsilon: boolean,
    canBeEmpty = true,
  ): { s: string; trace: GroupTrace } => ({
    s,
    trace: {
      factor: group.factor,
      s,
      epsilon,
      denominator,
      sign,
      includesEpsilon,
      fixed: !role.wholeShape && terms.every((t) => isFixed(t.x)),
      biases,
      canBeEmpty,
      ...(masked && { gated: arriving() }),
      shape: g.facts.shapeOf(z),
      channelAxis: role.channelAxis ?? 1,
    },
  });
  const withEpsilon = (r: string, d: string, sign: "positive" | "negative") =>
    trace(g.div(r, d), d, sign, true, !(sign === "positive" && positiveOnly && complete));
  // Where R is not zero, z > 0 and, with the bias in it, D ≥ z > 0; elsewhere the division must only be kept from 0/0.
  const positive = (r: string, d: string) => withEpsilon(r, g.atLeast(d, epsilon), "positive");
  if (terms.length === 1 && isForward(terms[0]!, role)) {
    // D is the node's own output: read the quotient off the pair where there is one.
    const sign = known.nonnegative.has(z) ? "positive" : "any";
    const own = multiplierOf(flow, z);
    if (own !== undefined && group.gate === undefined)
      return trace(g.mul(own, damping(g, z, epsilon, sign === "positive")), z, sign, false, false);
    const relu = known.reluOf(flow, z);
    if (relu !== undefined)
      return trace(g.mul(relu.multiplier, damping(g, relu.value, epsilon, true)), relu.value, "positive", false, false);
    const r = arriving();
    if (sign === "positive") return trace(g.div(r, g.add(z, g.floats(epsilon))), z, "positive", false);
    if (positiveOnly) return positive(r, g.add(z, g.floats(epsilon)));
    return trace(g.div(r, stabilized(g, z, epsilon)), z, "any", false);
  }
  const signed = signOf(terms, nonnegative);
  if (signed === "positive") return withEpsilon(arriving(), denominator(site, role, terms, epsilon), "positive");
  if (signed === "negative") return withEpsilon(arriving(), denominator(site, role, terms, -epsilon), "negative");
  if (positiveOnly && complete && group.gate === "positive") return positive(arriving(), denominator(site, role, terms, epsilon));
  const d = denominator(site, role, terms, 0);
  return trace(g.div(arriving(), stabilized(g, d, epsilon)), d, "any", false);
};

/** Is this term x·w + b as the forward computed it? */
const isForward = (t: Term, role: LinearRole): boolean =>
  t.x === "all" && t.w === "all" && t.sign === undefined && (t.b === "all" || role.bias === undefined);

/** Sign of D known from the parts alone. */
const signOf = (terms: readonly Term[], nonnegative: boolean): "positive" | "negative" | "any" => {
  const of = (t: Term): number => {
    const sign = (part: unknown, forX: boolean): number =>
      part === "positive" || part === "square" || part === "one"
        ? 1
        : part === "negative"
          ? -1
          : forX && part === "all" && nonnegative
            ? 1
            : 0;
    const product = sign(t.x, true) * sign(t.w, false) * (t.sign ?? 1);
    const bias = t.b === undefined ? product : sign(t.b, false) * (t.sign ?? 1);
    return product === bias ? product : 0;
  };
  const signs = terms.map(of);
  return signs.every((s) => s === 1) ? "positive" : signs.every((s) => s === -1) ? "negative" : "any";
};

/** D, plus `offset` where that costs nothing: in the bias of a layer. Terms that do not look at the input are summed first. */
const denominator = (site: Site, role: LinearRole, terms: readonly Term[], offset: number): string => {
  const { g, node, facts } = site;
  let pending = offset;
  const written = terms.map((t) => {
    if (isForward(t, role) && pending === 0) return { value: node.output[0]!, fixed: false, sign: t.sign ?? 1 };
    const w = role.weight && parameterPart(g, role.weight, t.w);
    let b = t.b !== undefined && role.bias ? parameterPart(g, role.bias, t.b) : undefined;
    const channels = facts.shapeOf(node.output[0]!)[role.channelAxis ?? 0];
    if (pending !== 0 && role.kind === "linear" && t.sign === undefined && (b !== undefined || typeof channels === "number")) {
      b = b === undefined ? g.floats(new Float32Array(channels as number).fill(pending)) : g.add(b, g.floats(pending));
      pending = 0;
    }
    const x = role.inputs.map((i) => inputPart(site, role, t.x, i));
    const value = role.apply(site, x, w, b);
    return { value: w === undefined ? g.scale(value, coefficientPart(t.w)) : value, fixed: isFixed(t.x), sign: t.sign ?? 1 };
  });
  const sum = (fixed: boolean, sign: number) => written.filter((t) => t.fixed === fixed && t.sign === sign).map((t) => t.value);
  // Fixed terms first and together: the runtime folds them into one constant.
  const combine = (plus: readonly string[], less: readonly string[]): string | undefined => {
    if (plus.length === 0) return less.length === 0 ? undefined : g.op("Neg", [g.sum(less)]);
    return less.length === 0 ? g.sum(plus) : g.sub(g.sum(plus), g.sum(less));
  };
  const varying = combine(sum(false, 1), sum(false, -1));
  const fixedLess = sum(true, -1);
  const fixedPlus = sum(true, 1);
  let d = varying;
  if (fixedPlus.length > 0) d = d === undefined ? g.sum(fixedPlus) : g.add(d, g.sum(fixedPlus));
  if (fixedLess.length > 0) d = d === undefined ? g.op("Neg", [g.sum(fixedLess)]) : g.sub(d, g.sum(fixedLess));
  return pending === 0 ? d! : g.add(d!, g.floats(pending));
};

/** c Σ_t s_t adjoint[par_t](s), collected by the input part it will be multiplied with. Factors go into the weights, where they are free. */
const spread = (site: Site, role: LinearRole, group: Group, s: string, i: number): Map<Term["x"], string> => {
  const { g } = site;
  const collected = new Map<Term["x"], string>();
  for (const t of group.terms) {
    const factor = group.factor * (t.sign ?? 1);
    const adjoint =
      role.weight === undefined
        ? role.adjoint(site, g.scale(s, factor * coefficientPart(t.w)), i)
        : role.adjoint(site, s, i, g.scale(parameterPart(g, role.weight, t.w), factor));
    collected.set(t.x, collected.has(t.x) ? g.add(collected.get(t.x)!, adjoint) : adjoint);
  }
  return collected;
};

const weigh = (site: Site, role: LinearRole, part: Term["x"], i: number, adjoint: string): Flow => {
  if (part === "all") return pair(site.node.input[i]!, adjoint);
  return full(part === "one" ? adjoint : site.g.mul(inputPart(site, role, part, i), adjoint));
};

/** A rule that only rescales by the output, for nodes without a linear form: x ⊙ Jᵀ(R ⊘ stab(y)). */
export const propagateHomogeneous = (
  site: Site,
  vjp: (s: string, i: number) => string,
  epsilon: number,
  flow: Flow,
  inputs: readonly number[],
): ReadonlyMap<number, Flow> => {
  const { g, node } = site;
  const y = node.output[0]!;
  const own = multiplierOf(flow, y);
  const s = own === undefined ? g.div(multiplied(g, flow), stabilized(g, y, epsilon)) : g.mul(own, damping(g, y, epsilon, false));
  return new Map(inputs.map((i) => [i, pair(node.input[i]!, vjp(s, i))]));
};
