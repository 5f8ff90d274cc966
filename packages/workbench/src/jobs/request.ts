/** What jobs are asked: plain JSON, as a queue holds it and a message carries it. Files go by the names the host knows them by. */
import type { ReadingOptions, Recipe, SaidPreprocessing } from "@backlit/core";
import type { Host } from "../host/host.ts";
import type { Listener } from "../host/listener.ts";
import type { Allowed } from "../models/allowed.ts";

/** Where a job runs, who listens, and what stops it: then it fails with `Aborted`, its sessions released. */
export interface JobContext {
  readonly host: Host;
  readonly listener: Listener;
  readonly signal?: AbortSignal;
}

/** A model, and what its files do not say. */
export interface ModelRequest {
  readonly v: 1;
  /** An .onnx file, a folder, or a bundled name. */
  readonly model: string;
  /** A file of class names. */
  readonly labels?: string;
  /** Sizes of free dimensions, by name. */
  readonly dims?: Readonly<Record<string, number>>;
  /** Values of inputs that only set the model up, by name. */
  readonly held?: Readonly<Record<string, readonly number[]>>;
  /** What axes and outputs mean, over what the model's files say. */
  readonly reading?: ReadingOptions;
  /** How its pictures are prepared, over what its files say. */
  readonly preprocess?: SaidPreprocessing;
  /** Samples a second that the model hears, over what its files say. */
  readonly sampleRate?: number;
  /** The column of tables that holds what is right, and is no feature. */
  readonly label?: string;
  /** The columns of tables that hold texts, in the order in which the model reads them. */
  readonly textColumns?: readonly string[];
  /** A quantised model is taken for the float model it stands for. */
  readonly float?: boolean;
  readonly allowed?: Allowed;
}

/** What is explained, and how. */
export interface ChoiceRequest {
  readonly recipe?: Recipe;
  /** As people write it: `logit`, `contrastive:LABEL`, … */
  readonly seed?: string;
  /** `top`, `top:K`, an index, a label, `A minus B`, `value:NAME`; several are a map each. */
  readonly target?: readonly string[];
  /** Values inside the graph whose relevance is wanted too. */
  readonly layers?: readonly string[];
}

/** What is read. */
export interface InputsRequest {
  /** Files, or texts for models that take some. */
  readonly inputs?: readonly string[];
  /** Further inputs of the model: name and file. */
  readonly named?: readonly (readonly [name: string, file: string])[];
  readonly textPairs?: readonly string[];
  /** Files taken as the bytes they are. */
  readonly bytes?: readonly string[];
}
