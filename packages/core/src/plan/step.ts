/** One node of a plan: its rule, why, and what is lost there. */
import type { GraphNode } from "../graph/graph.ts";
import type { Role } from "../ops/index.ts";
import type { RuleSpec } from "../rules/index.ts";

/** The way of the bounds. */
export interface Bounds {
  /** The explained value they hold for, and the axis along which one a channel lie. */
  readonly of: string;
  readonly axis: number;
  /** From there to the layer's input. */
  readonly through: readonly { readonly node: GraphNode /** Low may become high. */; readonly scales: boolean }[];
  /** Only scales and shifts: one number a channel stays one. */
  readonly elementwise: boolean;
}

export interface Step {
  readonly node: GraphNode;
  readonly op: string;
  readonly role: Role;
  readonly rule: RuleSpec;
  /** Why it gets this rule. */
  readonly why: string;
  /** Positions of the inputs relevance goes on to. */
  readonly inputs: readonly number[];
  /** Positions of the inputs that have a share in it, explained or not: masks and positions are constants, other inputs are not. */
  readonly sharing: readonly number[];
  /** Where relevance is lost here, if anywhere. */
  readonly loses: readonly string[];
  readonly index?: number;
  /** Of the head: with start `direct` it takes v. */
  readonly head?: true;
  /** Between the head and what is explained: with start `direct`, v goes through it by its derivative. */
  readonly tail?: true;
  /** Why the node has no rule, where it was detached for that. */
  readonly unsupported?: string;
  /** Of z^B: the way its box goes from the input to the layer. */
  readonly bounds?: Bounds;
}
