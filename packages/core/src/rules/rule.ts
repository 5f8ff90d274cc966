/**
 * Every linear rule is one shape (docs/formulas.md):
 *
 *   R_in = Σ_g c_g Σ_t f_t · in_t ⊙ adjoint[par_t]( R_out ⊘ stab( Σ_t f_t · (apply[par_t](in_t) + bias_t) ) )
 *
 * with groups g (each its own denominator and factor c_g) and terms t, whose factor f_t may carry the sign of the layer's
 * output. A rule is that list, as data.
 */

/** Which part of the layer's input a term uses. A number (or one per channel) is a bound of its domain; a text names a value that holds it. */
export type InputPart = "all" | "positive" | "negative" | "abs" | "one" | { readonly bound: number | readonly number[] | string };
/** Which part of the weight, and of the bias. */
export type Part = "all" | "positive" | "negative" | "abs" | "square" | "one";

export interface Term {
  readonly factor: number;
  readonly x: InputPart;
  readonly w: Part;
  /** Absent: no bias in this term's denominator. */
  readonly b?: Part;
  /** Times the sign of the layer's unmodified output; an output of exactly 0 then gives nothing. */
  readonly along?: true;
}

export interface Group {
  readonly factor: number;
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
  /** What may stand in place of a number. */
  readonly words?: readonly string[];
}

export interface RuleCard {
  readonly name: string;
  /** The rule in a line, with its source. */
  readonly what: string;
  readonly source: string;
  /** Deep Taylor: the layer's input the rule is made for, "its input is …". */
  readonly domain?: string;
  readonly parameters: Readonly<Record<string, Parameter>>;
  /** The groups, of checked parameters; none for rules that are no linear rule. */
  readonly groups?: (p: Readonly<Record<string, number | readonly number[]>>) => readonly Group[];
}

export const term = (x: InputPart, w: Part, b?: Part): Term => ({ factor: 1, x, w, ...(b !== undefined && { b }) });
export const times = (factor: number, t: Term): Term => ({ ...t, factor: factor * t.factor });
/** Times the sign of the layer's output. */
export const along = (t: Term): Term => ({ ...t, along: true });
export const group = (factor: number, ...terms: readonly Term[]): Group => ({ factor, terms });

export const STABILIZER = 1e-6;
