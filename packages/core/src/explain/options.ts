/**
 * Names of options. A misspelt one would change nothing and say nothing, so it is refused with the list of what there is; in an object
 * that means what a recipe file means (`recipe: 1`) it is ignored with a notice.
 */
import type { CompileOptions } from "../compile.ts";
import { fail } from "../errors.ts";
import type { Budgets } from "../lower/budget.ts";
import type { PrepareOptions } from "../lower/prepare.ts";
import { ignoredNotices, type Names, RECIPE } from "../plan/index.ts";
import type { ReadingOptions } from "../reading/index.ts";
import type { Choices, ExplainOptions, LoadOptions } from "./types.ts";

const CHOICES: Names<Choices> = { ...RECIPE, target: true, layers: true, ledger: true };

const EXPLAIN: Names<ExplainOptions> = {
  ...CHOICES,
  strict: true,
  seedVector: true,
  signal: true,
  onProgress: true,
  onRows: true,
  batch: true,
  random: true,
  ids: true,
  references: true,
  groups: true,
};

const PREPARE: Names<PrepareOptions> = {
  dims: true,
  sample: true,
  limit: true,
  source: true,
  held: true,
  budgets: true,
  float: true,
};

const BUDGETS: Names<Budgets> = { nodes: true, steps: true, bytes: true, weights: true };

const READING: Names<ReadingOptions> = {
  layout: true,
  batchAxis: true,
  channelAxis: true,
  outputKind: true,
  classAxis: true,
  mean: true,
  labels: true,
};

const LOAD: Names<LoadOptions> = {
  ...PREPARE,
  box: true,
  layers: true,
  asked: true,
  reading: true,
  runtime: true,
  labels: true,
  name: true,
  model: true,
  sha256: true,
  identity: true,
  sessionBytes: true,
};

const COMPILE: Names<CompileOptions & PrepareOptions> = {
  ...PREPARE,
  box: true,
  layers: true,
  asked: true,
  reading: true,
  target: true,
  ledger: true,
  evidence: true,
  contrast: true,
  metadata: true,
  quantised: true,
  float32: true,
};

/** Errors: BadRecipe for a name that is none of the known ones. Values that are undefined are absent. */
export const checkNames = (what: string, given: object, known: object): void => {
  const [stray] = unknownIn(given, known);
  if (stray !== undefined)
    throw fail("BadRecipe", { what: `${what} takes no option '${stray}'`, fix: `it takes ${Object.keys(known).join(", ")}` });
};

const unknownIn = (given: object, known: object): readonly string[] =>
  Object.entries(given).flatMap(([key, value]) => (value === undefined || Object.hasOwn(known, key) ? [] : [key]));

/** The same for choices, which may come from a file: notices there. `inspect` and `compile` pass over what only `explain` reads. */
export const checkChoices = (what: "explain" | "inspect" | "compile", given: ExplainOptions): readonly string[] => {
  if (given.recipe === 1) return ignoredNotices(unknownIn(given, EXPLAIN));
  const [stray] = unknownIn(given, EXPLAIN);
  if (stray !== undefined) checkNames(what, { [stray]: true }, what === "explain" ? EXPLAIN : CHOICES);
  return [];
};

/** Errors: BadRecipe. */
export const checkLoadOptions = (given: Nested): void => {
  checkNames("load", given, LOAD);
  checkNested(given);
};

type Nested = Pick<LoadOptions, "budgets" | "reading">;
const checkNested = ({ budgets = {}, reading = {} }: Nested): void => {
  checkNames("budgets", budgets, BUDGETS);
  checkNames("reading", reading, READING);
};

/** Of `compile` with a model and a recipe. Notices where the recipe is a file's. Errors: BadRecipe. */
export const checkCompile = (recipe: ExplainOptions, options: Nested): readonly string[] => {
  checkNames("compile", options, COMPILE);
  checkNested(options);
  if (recipe.recipe !== 1) checkNames("a recipe", recipe, RECIPE);
  return recipe.recipe === 1 ? ignoredNotices(unknownIn(recipe, RECIPE)) : [];
};
