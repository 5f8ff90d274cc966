/**
 * Terms as they are written for one node. What is known to be zero is dropped, and terms over the same part of the input become
 * one: x·w·(1 + γ/2) + |x|·|w|·γ/2 for x ≥ 0 is one product with one prepared weight.
 */
import type { LinearRole, Site } from "../ops/index.ts";
import type { InputPart, Part, Term } from "../rules/index.ts";
import { coefficientPart, inputPart, isFixed, parameterPart } from "./parts.ts";

export interface Written {
  readonly x: InputPart;
  readonly along: boolean;
  /** Σ factor · part of weight (and bias) is the weight of the merged term. */
  readonly parts: readonly { readonly factor: number; readonly w: Part; readonly b?: Part }[];
}

/** What is known at the node: all inputs ≥ 0; relevance only where the output is positive. */
export interface Signs {
  readonly nonnegative: boolean;
  readonly positiveOnly: boolean;
}

export const writeTerms = (
  terms: readonly Term[],
  role: LinearRole,
  { nonnegative, positiveOnly }: Signs,
): readonly Written[] => {
  const merged = new Map<string, Written>();
  for (const { x, w, b, factor, along } of terms) {
    if (factor === 0 || (nonnegative && x === "negative") || (role.weight === undefined && coefficientPart(w) === 0)) continue;
    const part = nonnegative && (x === "positive" || x === "abs") ? "all" : x;
    const signed = along === true && !positiveOnly;
    const key = `${JSON.stringify(part)} ${signed}`;
    const parts = [...(merged.get(key)?.parts ?? []), { factor, w, ...(b !== undefined && role.bias !== undefined && { b }) }];
    merged.set(key, { x: part, along: signed, parts });
  }
  return [...merged.values()];
};

/**
 * A group's factors and its ε may be scaled together. Where x·w comes first they are, so that it counts once: then the forward's own
 * result and weight serve as they are.
 */
export const scaledToForward = (
  terms: readonly Written[],
  epsilon: number,
): { readonly terms: readonly Written[]; readonly epsilon: number } => {
  const [first] = terms;
  const [part] = first?.parts ?? [];
  if (first?.x !== "all" || first.along || part?.w !== "all" || part.factor <= 0 || part.factor === 1) return { terms, epsilon };
  const scaled = ({ parts, ...term }: Written): Written => ({
    ...term,
    parts: parts.map((one) => ({ ...one, factor: one === part ? 1 : one.factor / part.factor })),
  });
  return { terms: terms.map(scaled), epsilon: epsilon / part.factor };
};

/** The factor f when the term is f · (x·w + b) as the forward computed it. */
export const forwardFactor = ({ x, along, parts }: Written, role: LinearRole): number | undefined => {
  const [only, ...others] = parts;
  return x === "all" && !along && others.length === 0 && only!.w === "all" && (only!.b === "all" || role.bias === undefined)
    ? only!.factor
    : undefined;
};

/** The term's weight times `factor`; undefined for a role without weights. */
export const weightOf = ({ g }: Site, role: LinearRole, { parts }: Written, factor = 1): string | undefined =>
  role.weight && g.sum(parts.map((part) => g.scale(parameterPart(g, role.weight!, part.w), part.factor * factor)));

export const biasOf = ({ g }: Site, role: LinearRole, { parts }: Written): string | undefined => {
  const biases = parts.flatMap(({ b, factor }) => (b === undefined ? [] : [g.scale(parameterPart(g, role.bias!, b), factor)]));
  return biases.length === 0 ? undefined : g.sum(biases);
};

/** Σ of the factors, for a role without weights. */
export const coefficientOf = ({ parts }: Written): number =>
  parts.reduce((sum, { factor, w }) => sum + factor * coefficientPart(w), 0);

/** The weight when all of them are the same number. */
export const uniformOf = ({ parts }: Written): number | undefined =>
  parts.every(({ w }) => w === "one") ? parts.reduce((sum, { factor }) => sum + factor, 0) : undefined;

/** apply[w](x) + b, and `offset` more where it costs nothing: in the bias of a layer with channels. */
export const applied = (
  site: Site,
  role: LinearRole,
  term: Written,
  offset = 0,
): { readonly value: string; readonly offset: boolean } => {
  const { g, node, facts } = site;
  const out = facts.shapeOf(node.output[0]!);
  const channels = out[role.channelAxis ?? 0];
  let bias = biasOf(site, role, term);
  const free = offset !== 0 && role.kind === "linear" && (bias !== undefined || typeof channels === "number");
  const behind = role.addsBias ? out.slice((role.channelAxis ?? 0) + 1) : [];
  const layout = [channels as number, ...behind.map(() => 1)];
  if (free)
    bias =
      bias === undefined ? g.floats(new Float32Array(channels as number).fill(offset), layout) : g.add(bias, g.floats(offset));
  const x = role.inputs.map((i) => inputPart(site, role, term.x, i));
  const weight = weightOf(site, role, term);
  const value = role.apply(site, x, weight, bias);
  return { value: weight === undefined ? g.scale(value, coefficientOf(term)) : value, offset: free };
};

/** Sign of a term known from its parts alone: +1, −1, or 0 when it may be either. */
export const signOf = ({ x, along, parts }: Written, nonnegative: boolean): number => {
  if (along) return 0;
  const input = typeof x === "object" ? 0 : x === "negative" ? -1 : x === "all" ? (nonnegative ? 1 : 0) : 1;
  const part = (p: Part) => (p === "all" ? 0 : p === "negative" ? -1 : 1);
  const signs = parts.flatMap(({ factor, w, b }) => [
    Math.sign(factor) * input * part(w),
    ...(b === undefined ? [] : [Math.sign(factor) * part(b)]),
  ]);
  return signs.every((s) => s === signs[0]) ? signs[0]! : 0;
};

export const looksAtInput = ({ x }: Written): boolean => !isFixed(x);
