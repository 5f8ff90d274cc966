/** What goes between the door and a thread: tasks, stops, answers. Plain data, memory of tensors and files moves. */
import type { Look, Recipe } from "@backlit/core";
import type { AnswerOf, CallOf, sentError, Tensors, WhyOptions } from "@backlit/workbench";

/** A model as tasks name it: what users call it, where it lies, and how often it was loaded anew. */
export interface ModelName {
  readonly name: string;
  readonly path: string;
  readonly generation: number;
}

/** What is explained, and how, as a request says it; files by the names its parts have. */
export interface Asked
  extends Pick<WhyOptions, "references" | "groups" | "labels" | "perStep" | "detections" | "grid" | "conditions" | "only"> {
  readonly method?: string;
  readonly composite?: string;
  readonly params?: Recipe["params"];
  readonly recipe?: Recipe;
  readonly target?: readonly string[];
  readonly output?: string;
  /** Where relevance starts: `logit`, `log-odds`, … */
  readonly seed?: string;
  /** Second texts of a model that reads two: one for each input, or one for all. */
  readonly textPair?: readonly string[];
  /** Seed of the random numbers. */
  readonly random?: number;
  /** How its pictures are drawn. */
  readonly look?: Look;
}

export type Form = "json" | "png" | "svg" | "pdf" | "npy" | "html";

interface DescribeTask {
  readonly do: "describe";
  readonly model: ModelName;
}

/** Files as people send them. `form: "rows"`: numbers for each row, as KServe's V1 answers. */
export interface ExplainTask {
  readonly do: "explain";
  readonly model: ModelName;
  readonly inputs: readonly Uint8Array[];
  /** What stands beside the input, by name. */
  readonly files?: Readonly<Record<string, Uint8Array>>;
  readonly asked: Asked;
  readonly form: Form | "rows";
  /** Somebody listens to what is going on. */
  readonly told?: boolean;
}

/** Tensors. Several requests that agree in all but their numbers run as one batch. */
export interface InferTask {
  readonly do: "infer";
  readonly model: ModelName;
  readonly feeds: readonly Tensors[];
  readonly outputs: readonly string[];
  readonly asked: Asked;
}

export type Task = DescribeTask | ExplainTask | InferTask;

export type Call = CallOf<Task>;

export interface TensorInfo {
  readonly name: string;
  /** In the words of the Open Inference Protocol. */
  readonly datatype: string;
  /** −1 where a size is free. */
  readonly shape: readonly number[];
}

/** What a model is, for those who call it. */
export interface Description {
  readonly inputs: readonly TensorInfo[];
  /** The model's own. */
  readonly outputs: readonly TensorInfo[];
  /** What explanations add to them. */
  readonly added: readonly TensorInfo[];
  /** Rows of several requests may run together. */
  readonly joins: boolean;
  readonly labels?: readonly string[];
  readonly sha256: string;
  readonly runtime: string;
  readonly notices: readonly string[];
}

export interface File {
  readonly type: string;
  readonly bytes: Uint8Array;
}

/** One row of an explained input. */
export interface ExplainedNumbers {
  readonly output: Tensors[string];
  readonly target: number | string;
  readonly label?: string;
  readonly relevance: Tensors[string];
}

export interface Results {
  readonly describe: Description;
  readonly explain: File | readonly ExplainedNumbers[];
  /** One for each of the feeds: its outputs, or why there are none. */
  readonly infer: readonly ({ readonly tensors: Tensors } | { readonly error: ReturnType<typeof sentError> })[];
}

/** What is going on, in words. */
export interface Said {
  readonly id: number;
  readonly progress: string;
}

export type Answer = AnswerOf<Said>;
