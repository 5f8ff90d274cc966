/**
 * s = R ⊘ stab(D) for one group of a rule, in the cheapest form that what is known allows:
 *
 *   D = z and R = z ⊙ m            m ⊙ |z| ⊘ (|z| + ε)
 *   D = z and R = y ⊙ m, y = relu(z)   m ⊙ y ⊘ (y + ε)
 *   D of known sign                R ⊘ (D ± ε), the ε in the bias of the layer that computes D
 *   D ≥ z > 0 wherever R ≠ 0       R ⊘ max(D + ε, ε)
 *   D along the output's sign      R sign(z) ⊘ (|D| + ε)
 *   else                           R ⊘ (D + ε sign(D))
 */
import type { Shape } from "../graph/facts.ts";
import { finitePart, type LinearRole, type Site, shared, weighed } from "../ops/index.ts";
import { type Flow, hasFactor, multiplied, multiplierOf } from "./flow.ts";
import type { Known } from "./known.ts";
import { damping, signOfValue, stabilized } from "./stabilize.ts";
import { applied, biasOf, forwardFactor, looksAtInput, type Signs, signOf, type Written } from "./terms.ts";

/** What the ledger needs of a group. Sums of s·ε are what the stabiliser took. */
export interface GroupTrace {
  readonly factor: number;
  readonly s: string;
  readonly epsilon: number;
  /** D, or D + ε (D − ε where D ≤ 0) when `includesEpsilon`. */
  readonly denominator: string;
  readonly sign: "positive" | "negative" | "any";
  readonly includesEpsilon: boolean;
  readonly biases: readonly { readonly value: string; readonly s: string; readonly shape: Shape }[];
  /** D may be exactly 0 where R is not. */
  readonly canBeEmpty: boolean;
  /** The part of R this group took, where outputs of exactly 0 give nothing. */
  readonly gated?: string;
  /** s is the seed's own direction: nothing was divided. */
  readonly undamped?: true;
  /** Of the node's output. */
  readonly shape: Shape;
  readonly channelAxis: number;
}

export interface Share {
  readonly s: string;
  /** s times the sign of the output, for the terms that go along with it. */
  readonly along: string;
  readonly trace: GroupTrace;
}

interface Given extends Signs {
  readonly site: Site;
  readonly role: LinearRole;
  readonly factor: number;
  readonly terms: readonly Written[];
  readonly flow: Flow;
  readonly epsilon: number;
  readonly known: Known;
  /** The rule favours contributions of the output's own sign: below a ReLU, |D| ≥ |z|. */
  readonly favoursOutput: boolean;
  /** R = z ⊙ v enters here: s = v. */
  readonly direct: boolean;
}

type Denominator = Pick<GroupTrace, "denominator" | "sign" | "includesEpsilon" | "canBeEmpty" | "undamped"> & {
  readonly gated?: string;
};

export const share = (given: Given): Share => {
  const { site, role, factor, terms, epsilon } = given;
  const { facts, node } = site;
  const { s, along = s, counted = s, ...denominator } = quotient(given);
  const biases = terms.flatMap((term) => {
    const value = biasOf(site, role, term);
    return value === undefined ? [] : [{ value, s: term.along ? along : s, shape: facts.shapeOf(role.bias!) }];
  });
  const common = {
    factor,
    epsilon: denominator.undamped ? 0 : epsilon,
    biases,
    shape: facts.shapeOf(node.output[0]!),
    channelAxis: role.channelAxis ?? 1,
  };
  return { s, along, trace: { ...common, s: counted, ...denominator } };
};

/** s; s·sign(z); and the one of them whose ε-fold the stabiliser took. */
type Quotient = Denominator & { readonly s: string; readonly along?: string; readonly counted?: string };

const quotient = (given: Given): Quotient => {
  const { site, role, terms, flow, epsilon, known, nonnegative, positiveOnly } = given;
  const { g, node } = site;
  const z = node.output[0]!;
  if (terms.some((term) => term.along)) return alongOutput(given);
  const r = () => multiplied(g, flow);
  const complete = role.bias === undefined || terms.some(({ parts }) => parts.some(({ b }) => b !== undefined));
  // Where R is not zero, z > 0 and, with the bias in it, D ≥ z > 0; elsewhere the division must only be kept from 0/0.
  const clipped = (d: string): Quotient => {
    const denominator = g.atLeast(d, epsilon);
    return { s: shared(site, r(), denominator), denominator, sign: "positive", includesEpsilon: true, canBeEmpty: false };
  };
  if (terms.length === 1 && forwardFactor(terms[0]!, role) === 1) {
    const sign = known.nonnegative.has(z) ? "positive" : "any";
    const own = multiplierOf(flow, z);
    if (own !== undefined && given.direct)
      return { s: own, denominator: z, sign: "positive", includesEpsilon: false, canBeEmpty: false, undamped: true };
    if (own !== undefined)
      return {
        s: weighed(site, own, damping(g, z, epsilon, sign === "positive")),
        denominator: z,
        sign,
        includesEpsilon: false,
        canBeEmpty: false,
      };
    const relu = known.reluOf(flow, z);
    if (relu !== undefined)
      return {
        s: weighed(site, relu.multiplier, damping(g, relu.value, epsilon, true)),
        denominator: relu.value,
        sign: "positive",
        includesEpsilon: false,
        canBeEmpty: false,
      };
    if (sign === "positive")
      return {
        s: shared(site, r(), g.add(z, g.floats(epsilon))),
        denominator: z,
        sign,
        includesEpsilon: false,
        canBeEmpty: true,
      };
    if (positiveOnly) return clipped(g.add(z, g.floats(epsilon)));
    const exact = (nonnegative && role.positive) || hasFactor(flow) ? z : (role.exact?.(site) ?? z);
    return {
      s: shared(site, r(), stabilized(g, exact, epsilon)),
      denominator: exact,
      sign,
      includesEpsilon: false,
      canBeEmpty: true,
    };
  }
  const signs = terms.map((term) => signOf(term, nonnegative));
  const signed = signs.every((s) => s === 1) ? "positive" : signs.every((s) => s === -1) ? "negative" : undefined;
  if (signed !== undefined) {
    const denominator = summed(site, role, terms, signed === "positive" ? epsilon : -epsilon);
    return {
      s: shared(site, r(), denominator),
      denominator,
      sign: signed,
      includesEpsilon: true,
      canBeEmpty: !(signed === "positive" && positiveOnly && complete),
    };
  }
  if (positiveOnly && complete && given.favoursOutput) return clipped(summed(site, role, terms, epsilon));
  const denominator = summed(site, role, terms, 0);
  return {
    s: shared(site, r(), stabilized(g, denominator, epsilon)),
    denominator,
    sign: "any",
    includesEpsilon: false,
    canBeEmpty: true,
  };
};

/** D = U + sign(z)·V, as of the γ rule where the output may have either sign. An output of exactly 0 gives nothing. */
const alongOutput = ({ site, role, terms, flow, epsilon, nonnegative }: Given): Quotient => {
  const { g, node } = site;
  const z = node.output[0]!;
  const [plain, signed] = [terms.filter((t) => !t.along), terms.filter((t) => t.along)];
  const complete = role.bias === undefined || terms.every(({ parts }) => parts.every(({ b }) => b !== undefined));
  const factor = plain.length === 1 ? forwardFactor(plain[0]!, role) : undefined;
  const growing = signed.every((t) => signOf({ ...t, along: false }, nonnegative) === 1);
  const sign = signOfValue(g, finitePart(g, z));
  if (complete && factor !== undefined && factor > 0 && growing) {
    // U = f·z has the output's sign and V ≥ 0: stab(D) = sign(z) (f|z| + V + ε).
    const size = g.add(summed(site, role, signed, epsilon), g.scale(g.op("Abs", [z]), factor));
    const denominator = { denominator: size, sign: "positive", includesEpsilon: true, canBeEmpty: false } as const;
    const own = multiplierOf(flow, z);
    if (own !== undefined) {
      const q = shared(site, own, size);
      const along = weighed(site, q, z);
      return { s: weighed(site, q, g.op("Abs", [z])), along, counted: along, ...denominator };
    }
    const r = g.mul(multiplied(g, flow), sign);
    const s = shared(site, r, size);
    const along = g.mul(s, sign);
    return { s, along, counted: along, gated: g.mul(r, sign), ...denominator };
  }
  const d = g.add(summed(site, role, plain, 0), g.mul(sign, summed(site, role, signed, 0)));
  const r = multiplied(g, flow);
  const along = g.mul(shared(site, r, stabilized(g, d, epsilon)), sign);
  return {
    s: g.mul(along, sign),
    along,
    gated: g.mul(g.mul(r, sign), sign),
    denominator: d,
    sign: "any",
    includesEpsilon: false,
    canBeEmpty: true,
  };
};

/** Σ of the terms. Those that do not look at the input are added up first: the runtime folds them into one constant. */
const summed = (site: Site, role: LinearRole, terms: readonly Written[], offset: number): string => {
  const { g, node } = site;
  let pending = offset;
  const value = (term: Written): string => {
    const factor = forwardFactor(term, role);
    if (factor !== undefined && (pending === 0 || terms.length > 1)) return g.scale(node.output[0]!, factor);
    const written = applied(site, role, term, pending);
    if (written.offset) pending = 0;
    return written.value;
  };
  const [fixed, varying] = [terms.filter((t) => !looksAtInput(t)), terms.filter(looksAtInput)].map((list) => list.map(value));
  const total = g.sum([...varying!, ...(fixed!.length === 0 ? [] : [g.sum(fixed!)])]);
  return pending === 0 ? total : g.add(total, g.floats(pending));
};
