/** What is asked of an explainer, and what it answers. */
import type { MethodParams } from "../cards/parameters.ts";
import type { PlanOptions } from "../compile/options.ts";
import type { ChannelsOf, MaskOf } from "../emit/index.ts";
import type { PrepareOptions } from "../lower/prepare.ts";
import type { Difference, Frame } from "../methods/index.ts";
import type { ModelProto } from "../onnx/index.ts";
import type { Aim } from "../oracle/aim.ts";
import type { Score } from "../oracle/score.ts";
import type { Recipe, ResolvedRecipe } from "../plan/index.ts";
import type { DetectionThresholds } from "../reading/index.ts";
import type { Runtime } from "../runtime/runtime.ts";
import type { FloatTensor } from "../tensor/float.ts";
import type { Tensor } from "../tensor/tensor.ts";

import type { AimList } from "./aim-list.ts";
import type { ChannelTable } from "./channel-table.ts";
import type { SampleTargets } from "./classes.ts";
import type { Condition, ConditionList } from "./conditions/condition.ts";
import type { References } from "./given-references.ts";
import type { Ledger } from "./ledger.ts";
import type { MapNote } from "./note.ts";
import type { TargetList } from "./target-words.ts";

/** What a tokenizer says of tokens. */
export interface TokenNames {
  /** Numbers of the tokens of a text, special ones left out. */
  encode(text: string): readonly number[];
  /** The text of one. */
  decode(token: number): string;
  /** The token that stands for what is masked, where there is one. */
  readonly mask?: number;
  /** The token that fills a row up, where there is one. */
  readonly pad?: number;
  /** Whether it is none of a text's own: [CLS], padding. */
  special?(token: number): boolean;
}

export interface LoadOptions extends PrepareOptions, PlanOptions {
  readonly runtime: Runtime;
  /** Class names, by index. Default: those in the model's own file. */
  readonly labels?: readonly string[];
  /** Texts of tokens, for models whose classes are tokens. */
  readonly tokens?: TokenNames;
  /** For messages. */
  readonly name?: string;
  /** The bytes, decoded, where the caller has done so. */
  readonly model?: ModelProto;
  /** SHA-256 of the file in hexadecimal, asked for once. Default: WebCrypto's, which copies the bytes. */
  readonly sha256?: () => Promise<string>;
  /** Its `modelIdentity`, asked for once. Default: all external files are read through `source`. */
  readonly identity?: () => Promise<string>;
  /** Bytes of sessions kept open, those used least recently closed first. Default: 64 MB, or eight sessions of the largest. */
  readonly sessionBytes?: number;
}

export interface Choices extends Recipe {
  /**
   * `"top"` (the winner, default), `"top:K"`, a class index or label, `"i,j"` for outputs of several axes, `"input"` when compiling;
   * `"box:K"`, `"box:K.x1"`: what a detector finds; `"CLASS@position:P"`, `"CLASS@last"`, `"token:TEXT"`, `"span:a..b"`: tokens of a sequence; `"CLASS@pixel:i,j"`, `"region:CLASS"`, `"CLASS@mask:NAME"`: places of a segmentation; `"A minus B"`: why A rather than B; `"value"`, `"value:NAME"`: a number that is no class, by its output's or its column's name; `{ list }`: several classes, a map each.
   */
  readonly target?: string | number | TargetList;
  /** Values inside the graph whose relevance is wanted too. */
  readonly layers?: readonly string[];
  readonly ledger?: boolean;
  /** Reference inputs, [M, …] in the shape of samples: background of tree SHAP (in its artefact too), for expected gradients, DeepSHAP, baseline "mean". Tree SHAP takes all inputs by name, too. */
  readonly references?: References;
  /** Values inside whose channels are scored: by name, or with the axis that counts their channels. */
  readonly channels?: readonly (string | ChannelsOf)[];
  /** When compiling: values whose relevance is multiplied by a further input, `mask@VALUE`. */
  readonly masks?: readonly (string | MaskOf)[];
  /** With conditions or masks: what goes past a masked value is dropped. */
  readonly only?: boolean;
}

export interface ExplainOptions extends Omit<Choices, "target" | "masks"> {
  /** As in `Choices`, or one class for each sample: a list of indices, each several for outputs of several axes; or an aim for each, as an explanation names them. */
  readonly target?: Choices["target"] | SampleTargets | AimList;
  /** What the words of targets name: masks in the size of the output, not 0 inside. */
  readonly targetFiles?: Readonly<Record<string, Tensor>>;
  /** A span token by token, a map each: at most 64, or as many as this number says. */
  readonly perStep?: boolean | number;
  /** What counts as detected: the least score (default .25), and how far boxes of one class may overlap (default .45, intersection over union). Default: what `reading` says of the model. */
  readonly detections?: DetectionThresholds;
  /** Of which channels of values inside relevance is kept: one condition for all samples, a list with one for each, or `{ list }`: several, a map each. */
  readonly conditions?: Condition | readonly Condition[] | ConditionList;
  /** Fail when the ledger does not add up. Implies `ledger`. */
  readonly strict?: boolean;
  /** For seed "vector" the output's relevance (LRP) or cotangent (gradients); for seed "direction" v = ∂score/∂z, shaped like the logits. */
  readonly seedVector?: Tensor;
  readonly signal?: AbortSignal;
  /** Called before each stage with its name. */
  readonly onProgress?: (stage: "compile" | "load" | "run") => void;
  /** For methods that ask the model more than once: called with the number of rows done, and of those known to come, these included. */
  readonly onRows?: (done: number, total: number) => void;
  /** Rows in one pass; default: found by trying. */
  readonly batch?: number;
  /** Seed of the random numbers; default 0. */
  readonly random?: number;
  /** Numbers of the samples in their data, by which random numbers are drawn; default 0, 1, 2, …: their places in the batch. */
  readonly ids?: readonly number[];
  /** What is perturbed together: a number for each value, in the shape of one sample or of the batch; axes may have size 1. */
  readonly groups?: Tensor;
}

export interface Explanation {
  /** The explained output, as the original model gives it; in float32 where that has another float type. */
  readonly output: Tensor;
  /** All outputs of the model that are tensors, by name. */
  readonly outputs: Readonly<Record<string, Tensor>>;
  /** Explained classes per sample: one index (or several axes' indices), or K of them; −2 for what has no index. */
  readonly target: readonly (readonly number[])[];
  /** What was explained of each sample, for each of its maps, where that is more than a class: its places, found in the sample as it is. */
  readonly aims?: readonly (readonly Aim[])[];
  /** Of the (first) explained value: its shape, or [N, K, …] with top:K, or with a list of K conditions. */
  readonly relevance: FloatTensor;
  /** By explained value. */
  readonly relevances: Readonly<Record<string, FloatTensor>>;
  /** Explained values that lie inside the graph: what the inputs became there. */
  readonly values: Readonly<Record<string, Tensor>>;
  readonly layers: Readonly<Record<string, FloatTensor>>;
  /** Of the values asked for. */
  readonly channels?: Readonly<Record<string, ChannelTable>>;
  /** What must be said of a map before anybody looks at it, one or none per sample (and target): that there is nothing to explain, for one. */
  readonly notes: readonly (MapNote | undefined)[];
  /** Σ|R| as relevance leaves the head, per sample (and target): what shares are shares of. Absent where relevance does not enter there. */
  readonly leaving?: readonly number[];
  /** Methods that explain a difference from references: the scores between which it lies, one per sample (and target). ΣR is the difference. */
  readonly difference?: readonly Difference[];
  /** Of tree SHAP, where they are asked for: [N, columns, columns], or [N, K, columns, columns]; symmetric, rows add up to the map. */
  readonly interactions?: FloatTensor;
  /** One per sample, or per sample and target. */
  readonly ledger?: readonly Ledger[];
  readonly recipe: ResolvedRecipe | MethodRecipe;
  /** How far the map is uncertain, where the method says so. */
  readonly spread?: FloatTensor;
  /** Steps on the way to the map, for methods that have some. */
  readonly frames?: readonly Frame[];
  /** Numbers the method found by the way, one a sample (and class): f at the root point, its distance. */
  readonly details?: Readonly<Record<string, readonly number[]>>;
  readonly hash: string;
  readonly notices: readonly string[];
  /** Milliseconds. */
  readonly timings: { readonly compile: number; readonly load: number; readonly run: number };
}

/** What a recipe of such a method fixes. */
export interface MethodRecipe {
  readonly recipe: 1;
  readonly method: string;
  readonly params: MethodParams;
  readonly score: Score;
  readonly explain: readonly string[];
  readonly output: string;
  /** Of the random numbers. */
  readonly random: number;
}
