/** Names of the options of evaluations; one that there is not is refused, as those of explanations are (explain/options.ts). */
import { checkChoices, checkNames } from "../explain/options.ts";
import { type Names, paramsRead } from "../plan/index.ts";
import type { CompareOptions } from "./compare/compare.ts";
import type { JudgeOptions } from "./run/judge.ts";
import type { EvaluationTask, MethodChoice } from "./run/run.ts";
import type { SettingChoice } from "./run/settings.ts";
import type { SummaryOptions } from "./statistics/summary-options.ts";
import type { TuneTask } from "./tune/tune.ts";

const SUMMARY: Names<SummaryOptions> = { confidence: true, resamples: true, permutations: true, seed: true };

const EVALUATE: Names<EvaluationTask> = {
  ...SUMMARY,
  model: true,
  data: true,
  methods: true,
  settings: true,
  randomDraws: true,
  range: true,
  target: true,
  output: true,
  explain: true,
  references: true,
  store: true,
  signal: true,
  onProgress: true,
};

const METHOD: Names<MethodChoice> = { name: true, options: true, magnitude: true, draw: true };
const SETTING: Names<SettingChoice> = { metric: true, params: true };

const TUNE: Names<TuneTask> = {
  ...SUMMARY,
  model: true,
  data: true,
  settings: true,
  range: true,
  output: true,
  explain: true,
  references: true,
  store: true,
  signal: true,
  randomDraws: true,
  budget: true,
  shared: true,
  starts: true,
  onProgress: true,
};

const JUDGE: Names<JudgeOptions> = {
  explain: true,
  output: true,
  signal: true,
  targets: true,
  target: true,
  ids: true,
  seed: true,
  range: true,
  others: true,
  masks: true,
  given: true,
  meter: true,
  batch: true,
};

const COMPARE: Names<CompareOptions> = { ...SUMMARY, methods: true };

/** Errors: BadRecipe, for these and for the options of the methods. */
export const checkTask = (task: EvaluationTask): void => {
  checkNames("evaluate", task, EVALUATE);
  for (const setting of task.settings) checkNames(`the setting of ${setting.metric}`, setting, SETTING);
  for (const method of task.methods) {
    checkNames(`method ${method.name}`, method, METHOD);
    checkChoices("explain", method.options ?? {});
  }
};

/** Errors: BadRecipe. What all recipes share are parameters that all composites have. */
export const checkTuneTask = (task: TuneTask): void => {
  checkNames("tune", task, TUNE);
  checkNames("shared", task.shared ?? {}, { score: true, params: true, onUnsupported: true });
  const params = Object.fromEntries(paramsRead({ method: "lrp" }).map((name) => [name, true]));
  checkNames("shared.params", task.shared?.params ?? {}, params);
};

/** Errors: BadRecipe. */
export const checkJudgeOptions = (options: JudgeOptions): void => checkNames("judgeOf", options, JUDGE);

/** Errors: BadRecipe. */
export const checkCompareOptions = (options: CompareOptions): void => checkNames("compareRuns", options, COMPARE);
