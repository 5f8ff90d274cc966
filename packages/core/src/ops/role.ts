/**
 * What a node is to an explanation. Two verbs make every method: a linear role knows only `apply` (the map with other
 * inputs or weights) and `adjoint` (its transpose); every role knows its vector-Jacobian product.
 */
import type { Builder } from "../graph/builder.ts";
import type { Facts, Shape } from "../graph/facts.ts";
import type { GraphNode } from "../graph/graph.ts";

export type Kind =
  | "linear" // a layer with weights
  | "sum" // linear without parameters: averages, sums of activations
  | "scale" // times a constant
  | "shift" // plus a constant
  | "activation"
  | "product" // element by element, of two values
  | "bilinear" // matrix product of two values: linear in each
  | "normalization" // a value over its own scale
  | "softmax"
  | "selection" // the winner of several values
  | "structural"; // values move, are copied or dropped

/** Where nodes are written for a node of the forward graph. */
export interface Site {
  readonly g: Builder;
  readonly facts: Facts;
  readonly node: GraphNode;
}

interface Base {
  readonly kind: Kind;
  /** Positions of the inputs that relevance flows to. */
  readonly inputs: readonly number[];
  /** Jᵀg for input i; `g` has one entry per output, undefined where nothing arrives. */
  vjp(site: Site, g: readonly (string | undefined)[], i: number): string;
  /** The node's result as float32 of what float64 gives, for denominators; undefined: it cannot be had. */
  exact?(site: Site): string | undefined;
  /** Output ≥ 0, given which inputs are. Default: unknown. */
  nonnegative?(input: (i: number) => boolean): boolean;
  /** Said in the plan instead of the op's name: "SiLU". */
  readonly label?: string;
}

/** y = apply(x) + b, linear in the inputs listed together. */
export interface LinearRole extends Base {
  readonly kind: "linear" | "sum";
  readonly weight?: string;
  readonly bias?: string;
  /** Every result is one of the inputs: without a rule of its own, relevance follows the copies, exactly. */
  readonly copies?: boolean;
  /** All coefficients ≥ 0 (averages, sums); never known of weights. */
  readonly positive?: boolean;
  /** Position of the output's channel axis: the bias lies along it. */
  readonly channelAxis?: number;
  /** The bias is added to the result, shaped to fit; else it is an input of the operator, of one axis. */
  readonly addsBias?: true;
  /** The axis of the input along which bounds per channel lie; default 1. */
  readonly inputAxis?: number;
  /** The input's first axis is no batch (Gemm with transA), or the bias varies along it: ones need the whole shape. */
  readonly wholeShape?: boolean;
  apply(site: Site, x: readonly string[], weight?: string, bias?: string): string;
  adjoint(site: Site, s: string, i: number, weight?: string): string;
  /** The adjoints of one s for several weights, where together they cost no more than one; undefined where they do not. */
  stackedAdjoint?(site: Site, s: string, weights: readonly string[]): readonly string[] | undefined;
  /** The adjoint for weights that are all `value`, where it can be had without one product per weight. */
  uniformAdjoint?(site: Site, s: string, value: number): string;
}

export interface ActivationRole extends Base {
  readonly kind: "activation";
  /** f′(x), in the shape of x. */
  derivative(site: Site): string;
  /** y = x where x > 0 and 0 elsewhere: relevance at x lies where x > 0, and x > 0 there equals y. */
  readonly relu?: boolean;
  /** y = 0 wherever x < 0 (ReLU, ReLU6): relevance at x lies where x ≥ 0. */
  readonly cutsNegative?: boolean;
}

export interface OtherRole extends Base {
  readonly kind: "scale" | "shift" | "product" | "bilinear" | "softmax" | "selection" | "structural";
  /** Structural, but several values meet in one result: it is no copy of any of them (Col2Im). */
  readonly adds?: boolean;
}

/** y = (x − mean)/scale · weight + bias: an affine map of x once the scale, which depends on x, is held fixed. `vjp` is the full derivative. */
export interface NormalizationRole extends Base {
  readonly kind: "normalization";
  /** The adjoint with the scale held fixed, for input 0. */
  detached(site: Site, s: string): string;
  /** x̂ and what made it. */
  standardized?(site: Site): Standardized;
  /** Exact multipliers of the difference from a reference, whose x̂ is given: DeepLIFT's. */
  secant?(site: Site, reference: Standardized, s: string): string;
}

export type Role = LinearRole | ActivationRole | NormalizationRole | OtherRole;

/** An operator: its role depends on which of its inputs are constants. Text says why it has none. */
export type Op = (node: GraphNode, facts: Facts) => Role | string;

export const isLinear = (role: Role): role is LinearRole => role.kind === "linear" || role.kind === "sum";

/** Positions of present inputs that depend on the model's input. */
export const varying = (node: GraphNode, facts: Facts): number[] =>
  node.input.flatMap((name, i) => (name !== "" && !facts.isConstant(name) ? [i] : []));

/** Sums over the axes along which a value of shape `from` was broadcast to the shape of `r`. */
export const unbroadcast = (g: Builder, r: string, of: Shape, from: Shape, like: string): string => {
  const lead = of.length - from.length;
  const axes = of.flatMap((d, i) => (i < lead || (from[i - lead] === 1 && d !== 1) ? [i] : []));
  if (axes.length === 0) return r;
  const summed = g.reduceSum(r, axes);
  return lead === 0 ? summed : g.reshape(summed, from, like);
};

/** What arrives in the shape of the node's output, summed to the shape of input i. */
export const unbroadcastTo = ({ g, facts, node }: Site, r: string, i: number): string =>
  unbroadcast(g, r, facts.shapeOf(node.output[0]!), facts.shapeOf(node.input[i]!), node.input[i]!);

/** Zeros in the shape of a value. */
export const zerosLike = (g: Builder, name: string): string => g.op("ConstantOfShape", [g.shape(name)]);

/** What arrived at the first output; zeros where only another one (a mask, indices) was read. */
export const first = ({ g, node }: Site, r: readonly (string | undefined)[]): string => r[0] ?? zerosLike(g, node.output[0]!);

/** A node like the forward one, on other inputs. */
export const again = ({ g, node }: Site, input: readonly string[]): string =>
  g.emit({ opType: node.opType, domain: node.domain, input, attribute: node.attribute })[0]!;

/** The same with other values `x` at the positions `inputs` alone. */
export const againAt = (site: Site, inputs: readonly number[], x: readonly string[]): string =>
  again(
    site,
    site.node.input.map((name, i) => x[inputs.indexOf(i)] ?? name),
  );

export interface Standardized {
  readonly value: string;
  /** 1/std, size 1 along the axes. */
  readonly inverse: string;
  /** The mean over the axes, kept with size 1. */
  mean(value: string): string;
  readonly centered: boolean;
}
