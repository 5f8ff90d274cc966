/** A method is a card and one function from a task to a map. */

import type { MethodCard } from "../cards/method.ts";
import type { MethodParams } from "../cards/parameters.ts";
import type { Shape } from "../graph/facts.ts";
import type { Random } from "../numeric/random.ts";
import type { NodeProto } from "../onnx/proto.ts";
import type { Oracle } from "../oracle/oracle.ts";
import type { Step } from "../plan/index.ts";
import type { AxisReading, LayoutKind } from "../reading/index.ts";
import type { FloatTensor } from "../tensor/float.ts";
import type { Tensor } from "../tensor/tensor.ts";

/** How baselines and imputers call the tokens that stand for absence. */
export type AbsentName = "mask-token" | "pad-token";

/** The explained values of the same samples, the tokens of their texts replaced; by the name of the baseline. */
export type AbsentTokens = Readonly<Partial<Record<AbsentName, FloatTensor>>>;

export interface Task {
  /** The explained value of the batch, float32 [N, …]. Rows of all calls to the oracle have the shape of one sample of it. */
  readonly x: FloatTensor;
  /** What its axes are: [N, C, positions…], [N, tokens, …] or [N, …]. */
  readonly kind: LayoutKind;
  /** Checked, defaults filled in. */
  readonly params: MethodParams;
  readonly oracle: Oracle;
  /** Random numbers by keys: the same for a sample and a draw whatever the batch size. */
  readonly random: Random;
  /** Reference inputs the caller gives, float32 [M, …] in the shape of samples of x: datasets for expected gradients, references of DeepSHAP. */
  readonly references?: FloatTensor;
  /** What absence is in a text, by the name of the baseline, in the shape of x. */
  readonly absent?: AbsentTokens;
  /** Groups of values the caller gives, for the parameter features: "given". */
  readonly groups?: Tensor;
  /** Runs another method, or a compiled one or a composite, on the same batch, with other inputs where given. Errors: BadRecipe. */
  attribute(method: string, params: Readonly<Record<string, unknown>>, x?: FloatTensor): Promise<Attribution>;
  /** For methods that ask the oracle in rounds: how many rows all of them will take, for those who wait. */
  announce(rows: number): void;
  readonly inside: Inside;
  /** The same samples further on: an inner value of theirs, fed in place of what is explained. Its first axis is the batch. */
  at(value: string): Promise<Pick<Task, "x" | "oracle">>;
}

/** The model from the explained value to the logits, for methods that look inside: units recognised, batch norms merged. */
export interface Inside {
  readonly explained: string;
  /** Of the logits. */
  readonly start: string;
  readonly steps: readonly Step[];
  /** Of any value of the model; undefined for names it does not have. */
  shape(value: string): Shape | undefined;
  /** The node that makes a value, in the model before units are recognised. */
  producer(value: string): NodeProto | undefined;
  /** The numbers of a constant. */
  constant(value: string): readonly number[] | undefined;
  isFloat(value: string): boolean;
  /** For every number in a row of a value, where it stands in a row of what is explained: several for a category, none where it does not. */
  columns(value: string): readonly (readonly number[])[] | undefined;
  /** What its axes count, without that of the samples; undefined for names it does not have. */
  axes(value: string): readonly AxisReading[] | undefined;
}

export interface Attribution {
  /** In the shape of x; maps without channels: [N, 1, h, w], in the size of the input or of a layer. */
  readonly relevance: FloatTensor;
  /** A second map of the same shape: how far the first is uncertain. */
  readonly spread?: FloatTensor;
  /** Steps on the way to the result, in order. */
  readonly frames?: readonly Frame[];
  /** Of methods that explain a difference from references, one a sample. */
  readonly difference?: readonly Difference[];
  /** Numbers found by the way, by name, one a sample: f at the root point, its distance. */
  readonly details?: Readonly<Record<string, readonly number[]>>;
  /** What the user should know: the layer that was found, a completeness gap. */
  readonly notices?: readonly string[];
}

/** The explained score, and what it is at the reference (the mean over several). */
export interface Difference {
  readonly score: number;
  readonly reference: number;
}

/** One picture of a film: maps, or inputs where the method changes the input itself. In the shape of the relevance. */
export interface Frame {
  readonly title: string;
  readonly what: "relevance" | "input";
  readonly values: FloatTensor;
}

export interface Method {
  readonly card: MethodCard;
  /**
   * Explains the batch of a task: one map a sample, for the task's targets. Errors: BadRecipe for parameters, BadInput for
   * what the method cannot read, Aborted.
   */
  attribute(task: Task): Promise<Attribution>;
}
