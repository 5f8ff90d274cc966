/**
 * Tuning: a recipe searched for on one half of the data and judged on the other, so that the search's own luck does not count. The
 * default stays unless the other half shows, after correction for all comparisons made there, that something is better.
 */
import { checkNames, type Names } from "../../cards/names.ts";
import { fail } from "../../errors.ts";
import type { Explainer } from "../../explain/index.ts";
import { paramsRead, type Recipe, recipeHash } from "../../plan/index.ts";
import { VERSION } from "../../version.ts";
import type { EvaluationResult } from "../result.ts";
import { checkedSettings } from "../run/settings.ts";
import type { EvaluationTask, MethodChoice, Store } from "../run/task.ts";
import type { SummaryOptions } from "../statistics/summarise.ts";
import { SUMMARY } from "../statistics/summary-options.ts";
import { type Candidate, type Shared, tidied } from "./candidate.ts";
import { dimensionsOf, SEED } from "./choices.ts";
import { groupsOf } from "./groups.ts";
import { classesOf, halvesOf } from "./halves.ts";
import { heldOut, verdictOf } from "./held.ts";
import { checkMetric, objectiveOf } from "./objective.ts";
import { partOf } from "./part.ts";
import type { TuneResult } from "./result.ts";
import { search } from "./search.ts";
import { chosenStarts, DEFAULT, distinct, standardStarts, usualMethod } from "./starts.ts";

export interface TuneTask
  extends SummaryOptions,
    Pick<
      EvaluationTask,
      | "model"
      | "data"
      | "settings"
      | "range"
      | "target"
      | "targetFiles"
      | "output"
      | "explain"
      | "references"
      | "store"
      | "signal"
      | "randomDraws"
    > {
  /** Recipes measured on the searching half at most; default 48. */
  readonly budget?: number;
  /** What every recipe has: score, params, what is done at unsupported operators. */
  readonly shared?: Omit<Shared, "explain" | "output" | "seed">;
  /** Where the search begins, beside the default; default: the named composites that fit. */
  readonly starts?: readonly { readonly name: string; readonly recipe: Recipe }[];
  /** `stage`: what is done now; `done` of `total` evaluations of it. */
  readonly onProgress?: (stage: string, done: number, total: number) => void;
}

/** How many recipes are tried unless the task says it. */
export const BUDGET = 48;

/**
 * `lits`: one explainer a worker; their sessions are closed again and again. Errors: those of `evaluate`; BadInput below two samples;
 * BadRecipe for a metric that has no better and worse, and for starts that do not fit the model.
 */
export const tune = async (lits: readonly Explainer[], task: TuneTask): Promise<TuneResult> => {
  checkTuneTask(task);
  const { data, seed = 0, budget = BUDGET, explain, target, targetFiles, output, signal, onProgress } = task;
  const [lit] = lits;
  if (lit === undefined || data.count < 2)
    throw fail("BadInput", { what: `${data.count} samples to tune on`, fix: "give at least two: one half is searched on" });
  const settings = checkedSettings(task.settings);
  if (settings.length === 0) throw fail("BadInput", { what: "no metric to tune by", fix: "take srg" });
  settings.forEach(checkMetric);
  const asks = { ...task.shared, ...(explain && { explain }), ...(output && { output }) };
  // A minus B is a seed: there is none to search for.
  const rival = lit.against({ target, output });
  const shared: Shared = { ...asks, ...(rival !== undefined && { seed: { contrast: rival } }) };
  const named = standardStarts(lit, shared);
  const usual = usualMethod(lit, { ...asks, ...(target !== undefined && { target }) }, task.references);
  const starts = distinct([named[0]!, ...(task.starts ? chosenStarts(lit, shared, task.starts) : named)]);
  const all = dimensionsOf(groupsOf(lit.inspect({ ...shared, composite: "auto" })), lit.options.box);
  const dimensions = rival === undefined ? all : all.filter(({ name }) => name !== SEED);
  onProgress?.("reading", 0, budget);
  const { names, classes, strata } = await classesOf(lit, data, task);
  const halves = halvesOf(classes, seed);
  const asked = {
    model: task.model,
    settings,
    seed,
    store: task.store ?? keptHere(),
    ...(task.range && { range: task.range }),
    ...(explain && { explain }),
    ...(target !== undefined && { target }),
    ...(targetFiles && { targetFiles }),
    ...(output && { output }),
    ...(signal && { signal }),
  };
  const { chunk = 16 } = data;
  const found = await search(lit, starts, {
    objective: objectiveOf(lits, { ...asked, data: await partOf(data, halves.search) }),
    count: halves.search.length,
    chunk,
    dimensions,
    budget,
    onRound: (group, tried) => onProgress?.(`searching: ${group}`, tried, budget),
  });
  const { budget: _, shared: __, starts: ___, ...evaluated } = task;
  const { held, evaluation } = await heldOut(lits, found.best, distinct([...named, ...starts]), {
    ...evaluated,
    ...asked,
    ...(usual && { usual }),
    data: await partOf(data, halves.held),
    onProgress: (done, total) => onProgress?.("the other half", done, total),
  });
  const [auto] = named as [(typeof named)[number]];
  const recipe = tidied(lit, found.best);
  const verdict = verdictOf(held, usual !== undefined || found.best.same !== auto.same);
  const kept = verdict.keep === "auto" ? defaultRecipe(auto, usual, evaluation) : recipe;
  return {
    tune: 1,
    version: VERSION,
    model: { name: task.model, sha256: await lit.sha256, identity: await lit.identity },
    data: { name: data.name, sha256: data.sha256, count: data.count },
    seed,
    ...(target !== undefined && { target }),
    settings,
    halves: { search: halves.search.map((n) => names[n]!), held: halves.held.map((n) => names[n]!), strata },
    searched: {
      groups: dimensions.map(({ name, choices }) => ({ name, choices: choices.map((choice) => choice.name) })),
      rounds: found.rounds,
      tried: found.tried,
      budget,
      exhausted: found.exhausted,
    },
    best: {
      recipe,
      hash: await recipeHash(recipe),
      start: found.best.start.name,
      chosen: Object.entries(found.best.chosen).map(([group, choice]) => `${group}: ${choice.name}`),
    },
    held,
    verdict,
    recipe: kept,
    hash: await recipeHash(kept as never),
    notices: evaluation.notices,
  };
};

/** What the default is where it is no rules of relevance: as it was judged. */
const defaultRecipe = ({ recipe }: Candidate, usual: MethodChoice | undefined, { methods }: EvaluationResult) =>
  usual === undefined ? recipe : (methods.find(({ name }) => name === DEFAULT)!.recipe as TuneResult["recipe"]);

const keptHere = (): Store => {
  const kept = new Map<string, unknown>();
  return { get: async (key) => kept.get(key), put: async (key, value) => void kept.set(key, value) };
};

const TUNE: Names<TuneTask> = {
  ...SUMMARY,
  model: true,
  data: true,
  settings: true,
  range: true,
  target: true,
  targetFiles: true,
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

/** Errors: BadRecipe. What all recipes share are parameters that all composites have. */
const checkTuneTask = (task: TuneTask): void => {
  checkNames("tune", task, TUNE);
  checkNames("shared", task.shared ?? {}, { score: true, params: true, onUnsupported: true });
  const params = Object.fromEntries(paramsRead({ method: "lrp" }).map((name) => [name, true]));
  checkNames("shared.params", task.shared?.params ?? {}, params);
};
