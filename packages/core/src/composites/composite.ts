/** A composite is a named list of rules: which layer gets which. The first match wins. */
import type { Parameter, RuleSpec } from "../rules/index.ts";

/** Keys are ANDed, a list of values is OR; an empty match is every layer with weights. */
export interface Match {
  readonly op?: string | readonly string[];
  readonly kind?: string | readonly string[];
  /** Glob on names of the file's nodes and values; `*` also matches `/`. */
  readonly name?: string | readonly string[];
  /** The one layer with weights that comes first in the file; `"convolution"`: the first convolution. */
  readonly first?: boolean | "convolution";
  /** The first layer on each path from the input. */
  readonly "every-first"?: boolean;
  /** The layers the explained value is made by: what lies behind them is at most scales, addends, averages and one activation. */
  readonly head?: boolean;
  /** Position among the layers with weights, from 0. */
  readonly index?: number | readonly number[];
  readonly range?: readonly [number, number];
  /** The layer's input is known to be ≥ 0, from the operators before it. */
  readonly nonnegative?: boolean;
  /** It widens a linear bottleneck (a sum of layers' results, no activation between) for a convolution that takes every channel apart. */
  readonly expansion?: boolean;
  /** Side of the layer's output map above this share of the explained input's side; its stride below half of the net's total stride. */
  readonly mapAbove?: number | "half-stride";
}

export interface RuleEntry {
  readonly match: Match;
  readonly rule: RuleSpec;
}

export type ParameterValue = number | readonly number[] | string;

export interface Composite {
  readonly name: string;
  readonly what: string;
  readonly source: string;
  readonly parameters: Readonly<Record<string, Parameter>>;
  /** What its parameters are where somebody takes it by name (or `auto` does), other than in recipes as written. */
  readonly asked?: Readonly<Record<string, ParameterValue>>;
  /** Its rules for these parameters; the first entry that matches a layer counts. */
  rules(p: Readonly<Record<string, ParameterValue>>): readonly RuleEntry[];
  /** What becomes of a batch norm no layer takes in; default merge: it passes. */
  readonly batchnorm?: "layer";
  /** What activations do; default pass. */
  readonly activation?: "pass" | "gradient";
  /** ε of every rule that names none. */
  readonly stabilizer?: number;
  /** The seed where none is asked for; default one. */
  readonly seed?: "one" | "log-odds";
}

/** The rule of the head in \`auto\`: a seed that enters directly needs ε there. */
export const HEAD: RuleEntry = { match: { head: true }, rule: { name: "epsilon" } };

/** Operators that are convolutions. */
export const CONVOLUTION = ["Conv", "ConvTranspose"] as const;
/** Operators that are dense layers. */
export const DENSE = ["Gemm", "MatMul"] as const;

/** The rule at convolutions. */
export const conv = (rule: RuleSpec): RuleEntry => ({ match: { op: CONVOLUTION }, rule });
/** The rule at dense layers. */
export const dense = (rule: RuleSpec): RuleEntry => ({ match: { op: DENSE }, rule });
/** The rule at every layer that an earlier entry did not take. */
export const every = (rule: RuleSpec): RuleEntry => ({ match: {}, rule });
/** The rule at the first layer with weights. */
export const first = (rule: RuleSpec): RuleEntry => ({ match: { first: true }, rule });

/** The parameter ε of composites that use it, default 1e-6. */
export const EPSILON = { epsilon: { what: "ε of the dense layers", default: 1e-6, min: 0, exclusive: true } } as const;
/** The parameters of z^B: bounds of the input in the model's own units, one number or one per channel. */
export const BOX = {
  low: { what: "least value of the input, one number or one per channel", default: -1, perChannel: true },
  high: { what: "largest value of the input", default: 1, perChannel: true },
} as const;
