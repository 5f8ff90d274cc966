/** What an analysis of concepts is asked: values inside, data, and where finished work is kept. */
import { checkNames, type Names } from "../../cards/names.ts";
import type { ChannelsOf } from "../../emit/index.ts";
import { fail } from "../../errors.ts";
import type { EvaluationData, Store } from "../../evaluate/index.ts";
import { checkChoices } from "../../explain/options.ts";
import type { ExplainOptions } from "../../explain/types.ts";
import { MODES, type Mode, STATISTICS, type Statistic } from "../statistic.ts";

export interface ConceptTask {
  readonly model: string;
  readonly data: EvaluationData;
  /** Values inside whose channels are the concepts: by name, or with the axis that counts them. */
  readonly values: readonly (string | ChannelsOf)[];
  /** Composite or rules, params, seed: how relevance goes back. Default: what `auto` takes. */
  readonly options?: Omit<
    ExplainOptions,
    "target" | "targetFiles" | "signal" | "onProgress" | "onRows" | "batch" | "channels" | "conditions" | "only"
  >;
  /** Ranked by; default both. */
  readonly modes?: readonly Mode[];
  /** Over positions; default "sum". */
  readonly statistic?: Statistic;
  /** Relevance as a share of the layer's; default true. */
  readonly share?: boolean;
  /** Samples kept of each list (default 8), and of each class (default 0: none). */
  readonly top?: number;
  readonly perClass?: number;
  /** The channel relevances of every sample too, as shares: what prototypes are made of. */
  readonly vectors?: boolean;
  /** One target for all samples, as `explain` takes it; default: the data's classes, else the predicted ones. */
  readonly target?: string | number;
  /** Masks that it names. */
  readonly targetFiles?: NonNullable<ExplainOptions["targetFiles"]>;
  readonly store?: Store;
  readonly signal?: AbortSignal;
  /** Units of work done, of all; those found in the store count as done. */
  readonly onProgress?: (done: number, total: number) => void;
}

const CONCEPTS: Names<ConceptTask> = {
  model: true,
  data: true,
  values: true,
  options: true,
  modes: true,
  statistic: true,
  share: true,
  top: true,
  perClass: true,
  vectors: true,
  target: true,
  targetFiles: true,
  store: true,
  signal: true,
  onProgress: true,
};

/** What of a task determines numbers, defaults filled in. */
export interface ConceptSetting {
  readonly values: readonly ChannelsOf[];
  readonly modes: readonly Mode[];
  readonly statistic: Statistic;
  readonly share: boolean;
  readonly top: number;
  readonly perClass: number;
  readonly vectors: boolean;
}

/** Errors: BadRecipe, BadInput. */
export const settingOf = (task: ConceptTask): ConceptSetting => {
  checkNames("concepts", task, CONCEPTS);
  checkChoices("explain", task.options ?? {});
  const { modes = MODES, statistic = "sum", share = true, top = 8, perClass = 0, vectors = false } = task;
  const values = task.values.map((of) => (typeof of === "string" ? { value: of } : of));
  if (values.length === 0) throw fail("BadInput", { what: "no values whose channels are looked at", fix: "name one" });
  if (task.data.count === 0) throw fail("BadInput", { what: "no samples", fix: "give some" });
  check("modes", modes.length > 0 && modes.every((mode) => MODES.includes(mode)), MODES.join(" or "));
  check("statistic", STATISTICS.includes(statistic), STATISTICS.join(" or "));
  check("top", Number.isInteger(top) && top > 0, "a whole number from 1");
  check("perClass", Number.isInteger(perClass) && perClass >= 0, "a whole number");
  return { values, modes, statistic, share, top, perClass, vectors };
};

const check = (what: string, fits: boolean, fix: string): void => {
  if (!fits) throw fail("BadRecipe", { what: `concepts: ${what}`, fix: `it is ${fix}` });
};
