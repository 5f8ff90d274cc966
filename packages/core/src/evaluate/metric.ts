/** A metric is a card and one function from a trial (samples, a heatmap each, the model) to one number a sample. */
import type { MethodParams } from "../cards/parameters.ts";
import type { AbsentTokens } from "../methods/method.ts";
import type { Random } from "../numeric/random.ts";
import type { ExternalData } from "../onnx/external.ts";
import type { ModelProto } from "../onnx/proto.ts";
import type { Oracle } from "../oracle/oracle.ts";
import type { LayoutKind } from "../reading/index.ts";
import type { FloatTensor } from "../tensor/float.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { MetricCard } from "./card.ts";
import type { Memo } from "./memo.ts";

export interface Trial {
  /** The explained values, float32 [N, …]. */
  readonly x: FloatTensor;
  /** A heatmap each: the shape of x, or with one channel. */
  readonly relevance: FloatTensor;
  /** Checked, defaults filled in. */
  readonly params: MethodParams;
  /** The model, with the class each sample is judged by. Rows belong to samples of x. */
  readonly model: Oracle;
  /** Which sample of the data each is: keys of the random numbers, so that a score never depends on the other samples. */
  readonly ids: readonly number[];
  readonly random: Random;
  /** Where the values of an input lie, from its preprocessing: one number, or one a channel. */
  readonly range?: { readonly low: readonly number[]; readonly high: readonly number[] };
  /** Other inputs of the data, [M, …] with their numbers: the same for every trial of a run. */
  readonly others?: { readonly x: FloatTensor; readonly ids: readonly number[] };
  /** Rows of the data that stand for absence, float32 [M, …] in the shape of samples. */
  readonly references?: FloatTensor;
  /** What absence is in a text, by the name of the imputer, in the shape of x. */
  readonly absent?: AbsentTokens;
  /** Where the object is, [N, 1, H, W]: 1 inside, 0 outside. */
  readonly masks?: Tensor;
  /** Choices made by the caller in place of random ones, by name: orders, subsets, perturbations, snapshots, segments, … */
  readonly given?: Readonly<Record<string, Tensor>>;
  /** The method under test, for metrics that need more maps. */
  readonly explaining?: Explaining;
  /** What the axes of x are. */
  readonly kind: LayoutKind;
  /** What is known of the samples whatever the heatmap. */
  readonly shared: Memo;
  /** What is known of this heatmap. */
  readonly memo: Memo;
}

export interface Explaining {
  /** Maps of other inputs, [M, …] in the shape of samples; row k belongs to sample `samples[k]` and is explained for its class, or for `targets[k]`. */
  maps(x: FloatTensor, samples: readonly number[], targets?: readonly (readonly number[])[]): Promise<FloatTensor>;
  /**
   * Relevance of given values of the outputs in place of a class's, [M, outputs]: at the inputs of the layers with weights, from output
   * to input, at last the map itself. Only where the method sends relevance (or a gradient) back through the graph.
   */
  seeded?(x: FloatTensor, vectors: FloatTensor): Promise<readonly FloatTensor[]>;
  /** The same recipe on a changed model, to be released. `external` reads weights that lie in files of their own. */
  on(change: (model: ModelProto, external?: ExternalData) => ModelProto): Promise<Explaining>;
  /** Of changed models. */
  release?(): Promise<void>;
  /** The inner value of a name; for "" what the last layer with weights takes in. Errors: BadRecipe. */
  inner?(name: string): string;
  /** Names of the weights in the order of the model's nodes, layer by layer from input to output. */
  readonly layers: readonly (readonly string[])[];
}

export interface MeasuredCurve {
  /** Share of the input that is changed, by sample. */
  readonly at: readonly Float64Array[];
  readonly values: readonly Float64Array[];
}

export interface Measured {
  /** By the names of the card: one number a sample, NaN where it is undefined. */
  readonly scores: Readonly<Record<string, Float64Array>>;
  readonly curves?: Readonly<Record<string, MeasuredCurve>>;
  /** Units of equal score, by sample: their order is the tie rule's, not the heatmap's. */
  readonly ties?: readonly number[];
  /** What a user should know of these scores. */
  readonly notices?: readonly string[];
}

export interface Metric {
  readonly card: MetricCard;
  /** Errors: BadRecipe (parameters that do not fit the input), BadInput (what was given), Runtime, Aborted. */
  measure(trial: Trial): Promise<Measured>;
}

/** One number a sample. */
export const eachSample = ({ x }: Pick<Trial, "x">, score: (n: number) => number): Float64Array =>
  Float64Array.from({ length: x.dims[0]! }, (_, n) => score(n));
