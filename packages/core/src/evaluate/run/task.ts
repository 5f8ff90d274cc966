/** What an evaluation is asked: methods, metrics, data, and where finished work is kept. */
import { checkNames, type Names } from "../../cards/names.ts";
import { checkChoices } from "../../explain/options.ts";
import type { ExplainOptions } from "../../explain/types.ts";
import type { FloatTensor } from "../../tensor/float.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { Trial } from "../metric.ts";
import type { SummaryOptions } from "../statistics/summarise.ts";
import { SUMMARY } from "../statistics/summary-options.ts";
import type { SettingChoice } from "./settings.ts";

export interface MethodChoice {
  readonly name: string;
  /** Method, composite or rules, params, seed; undefined: random maps. */
  readonly options?: Omit<ExplainOptions, "target" | "signal" | "onProgress" | "onRows" | "batch">;
  /** Metrics that rank take the size of its values; default: for slopes, such as gradients. */
  readonly magnitude?: boolean;
  /** Which draw of random maps. */
  readonly draw?: number;
}

export interface EvaluationData {
  readonly name: string;
  readonly sha256: string;
  /** How it is read (preprocessing, whose classes), as plain data: what is kept of another reading is not used. */
  readonly reading?: unknown;
  readonly count: number;
  /** Samples that may be read together; texts of differing lengths: 1. Default 16. */
  readonly chunk?: number;
  /** The samples from … from + count − 1. */
  read(from: number, count: number): Promise<DataChunk>;
}

export interface DataChunk {
  readonly x: Tensor | Readonly<Record<string, Tensor>>;
  readonly names: readonly string[];
  readonly labels?: readonly (string | undefined)[];
  /** Classes to explain and judge for; default: the predicted ones. */
  readonly targets?: readonly (readonly number[])[];
  /** Where the object is, [N, 1, H, W]: 1 inside, 0 outside; where there are several, by the class each sample is judged for. */
  readonly masks?: Tensor | ((targets: readonly (readonly number[])[]) => Tensor);
}

/** Where finished units of work are kept. */
export interface Store {
  /** What was put; undefined for what is not there or damaged. */
  get(key: string): Promise<unknown>;
  /** Keeps a value, which is JSON, under its key. A store that is full or read-only throws. */
  put(key: string, value: unknown): Promise<void>;
}

export interface EvaluationTask extends SummaryOptions {
  readonly model: string;
  readonly data: EvaluationData;
  readonly methods: readonly MethodChoice[];
  readonly settings: readonly SettingChoice[];
  /** Sets of random maps beside the methods; default 3. */
  readonly randomDraws?: number;
  readonly range?: Trial["range"];
  /** One target for all samples, as `explain` takes it; default: the data's classes, else the predicted ones. */
  readonly target?: string | number;
  /** What its words name: masks in the size of the output. */
  readonly targetFiles?: Readonly<Record<string, Tensor>>;
  readonly output?: string;
  readonly explain?: string | readonly string[];
  /** Reference inputs, [M, …] in the shape of samples, for the methods that read some, and for `auto` on tables. */
  readonly references?: FloatTensor;
  /** Values that come and go together, as whole numbers in the shape of one sample: for the methods that take groups, and as the units "given". */
  readonly groups?: Tensor;
  readonly store?: Store;
  readonly signal?: AbortSignal;
  /** Units of work done, of all; those found in the store count as done. */
  readonly onProgress?: (done: number, total: number) => void;
}

const EVALUATE: Names<EvaluationTask> = {
  ...SUMMARY,
  model: true,
  data: true,
  methods: true,
  settings: true,
  randomDraws: true,
  range: true,
  target: true,
  targetFiles: true,
  output: true,
  explain: true,
  references: true,
  groups: true,
  store: true,
  signal: true,
  onProgress: true,
};

const METHOD: Names<MethodChoice> = { name: true, options: true, magnitude: true, draw: true };
const SETTING: Names<SettingChoice> = { metric: true, params: true };

/** Errors: BadRecipe, for these and for the options of the methods. */
export const checkTask = (task: EvaluationTask): void => {
  checkNames("evaluate", task, EVALUATE);
  for (const setting of task.settings) checkNames(`the setting of ${setting.metric}`, setting, SETTING);
  for (const method of task.methods) {
    checkNames(`method ${method.name}`, method, METHOD);
    checkChoices("explain", method.options ?? {});
  }
};
