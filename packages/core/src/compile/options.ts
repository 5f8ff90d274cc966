/** What a compilation may be told, and what it may not. */
import { checkNames, type Names, unknownIn } from "../cards/names.ts";
import type { EmitOptions } from "../emit/index.ts";
import type { Budgets } from "../lower/budget.ts";
import type { PrepareOptions } from "../lower/prepare.ts";
import { ignoredNotices, RECIPE, type Recipe, type Surroundings } from "../plan/index.ts";
import type { ReadingOptions } from "../reading/index.ts";

export interface PlanOptions {
  /** Value range of the input per channel, from its preprocessing: what zbox takes when no bounds are given. */
  readonly box?: NonNullable<Surroundings["box"]>;
  /** Values whose relevance will be asked for. */
  readonly layers?: readonly string[];
  /** The recipe is a choice by name, of a person: what it leaves out keeps the sign contract. Default: it means what a recipe file means. */
  readonly asked?: boolean;
  /** What is said of the model where its reading would say something else. */
  readonly reading?: ReadingOptions;
}

export interface CompileOptions extends EmitOptions, PlanOptions {
  /** Inputs and outputs stay float32 where the file has float16, bfloat16 or float64. Default: they keep the file's types. */
  readonly float32?: boolean;
}

export const PREPARE: Names<PrepareOptions> = {
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
  anchors: true,
  boxDecoder: true,
  detections: true,
  outputKind: true,
  classAxis: true,
  mean: true,
  labels: true,
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
  masks: true,
  only: true,
  channels: true,
  metadata: true,
  quantised: true,
  references: true,
  float32: true,
};

/** Options that hold options. */
export interface Nested {
  readonly budgets?: Budgets;
  readonly reading?: ReadingOptions;
}

/** Errors: BadRecipe. */
export const checkNested = ({ budgets = {}, reading = {} }: Nested): void => {
  checkNames("budgets", budgets, BUDGETS);
  checkNames("reading", reading, READING);
};

/** Of `compile` with a model and a recipe. Notices where the recipe is a file's. Errors: BadRecipe. */
export const checkCompile = (recipe: Recipe, options: Nested): readonly string[] => {
  checkNames("compile", options, COMPILE);
  checkNested(options);
  if (recipe.recipe !== 1) checkNames("a recipe", recipe, RECIPE);
  return recipe.recipe === 1 ? ignoredNotices(unknownIn(recipe, RECIPE)) : [];
};
