/**
 * Every linear rule is one shape (docs/formulas.md):
 *
 *   R_in = Σ_g c_g Σ_t s_t · in_t ⊙ adjoint[par_t]( gate_g ⊙ R_out ⊘ stab( Σ_t s_t · (apply[par_t](in_t) + bias_t) ) )
 *
 * with groups g (each its own denominator and factor c_g) and terms t. A rule is that list, as data.
 */

/** Which part of the layer's input a term uses. A number (or one per channel) is a bound of its domain. */
export type InputPart = "all" | "positive" | "negative" | "one" | { readonly bound: number | readonly number[] };
/** Which part of the weight, and of the bias. `{ gamma, of }` is w + γ·w⁺ or w + γ·w⁻. */
export type Part =
  | "all"
  | "positive"
  | "negative"
  | "square"
  | "one"
  | { readonly gamma: number; readonly of: "positive" | "negative" };

export interface Term {
  readonly x: InputPart;
  readonly w: Part;
  /** Absent: no bias in this term's denominator. */
  readonly b?: Part;
  readonly sign?: -1;
}

export interface Group {
  readonly factor: number;
  /** Only where the layer's unmodified output is positive, or negative. */
  readonly gate?: "positive" | "negative";
  readonly terms: readonly Term[];
}

export interface LinearRule {
  readonly groups: readonly Group[];
  /** ε of stab(z) = z + ε·sign(z), sign(0) = +1. */
  readonly epsilon: number;
}

/** A rule as a recipe writes it: its name and parameters. */
export interface RuleSpec {
  readonly name: string;
  /** "bias": biases are left out of every denominator. */
  readonly zero_params?: "bias";
  readonly [parameter: string]: unknown;
}

export interface Parameter {
  readonly what: string;
  readonly default: number | readonly number[];
  readonly min?: number;
  /** `min` itself is not allowed. */
  readonly exclusive?: true;
  /** A list gives one value per channel. */
  readonly perChannel?: true;
}

export interface RuleCard {
  readonly name: string;
  /** The rule in a line, with its source. */
  readonly what: string;
  readonly source: string;
  readonly parameters: Readonly<Record<string, Parameter>>;
  /** The groups, of checked parameters; none for rules that are no linear rule. */
  readonly groups?: (p: Readonly<Record<string, number | readonly number[]>>) => readonly Group[];
}

export const term = (x: InputPart, w: Part, b?: Part): Term => ({ x, w, ...(b !== undefined && { b }) });
export const minus = (t: Term): Term => ({ ...t, sign: -1 });
export const group = (factor: number, ...terms: readonly Term[]): Group => ({ factor, terms });
export const where = (gate: "positive" | "negative", g: Group): Group => ({ ...g, gate });

export const STABILIZER = 1e-6;
