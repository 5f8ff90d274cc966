/**
 * Names of options. A misspelt one would change nothing and say nothing, so it is refused with the list of what there is; in an object
 * that means what a recipe file means (`recipe: 1`) it is ignored with a notice.
 */

import { checkNames, type Names, unknownIn } from "../cards/names.ts";
import { checkNested, type Nested, PREPARE } from "../compile/options.ts";
import { fail } from "../errors.ts";
import { ignoredNotices, RECIPE } from "../plan/index.ts";
import type { Choices, ExplainOptions, LoadOptions } from "./types.ts";

const BOTH = { ...RECIPE, target: true, layers: true, ledger: true, channels: true, only: true } as const;

const CHOICES: Names<Choices> = { ...BOTH, masks: true, references: true };

const EXPLAIN: Names<ExplainOptions> = {
  ...BOTH,
  conditions: true,
  strict: true,
  seedVector: true,
  targetFiles: true,
  perStep: true,
  detections: true,
  signal: true,
  onProgress: true,
  onRows: true,
  batch: true,
  random: true,
  ids: true,
  references: true,
  groups: true,
};

const LOAD: Names<LoadOptions> = {
  ...PREPARE,
  box: true,
  layers: true,
  asked: true,
  reading: true,
  runtime: true,
  labels: true,
  tokens: true,
  name: true,
  model: true,
  sha256: true,
  identity: true,
  sessionBytes: true,
};

/** The same for choices, which may come from a file: notices there. `inspect` and `compile` pass over what only `explain` reads. */
export const checkChoices = (what: "explain" | "inspect" | "compile", given: ExplainOptions): readonly string[] => {
  if (given.recipe === 1) return ignoredNotices(unknownIn(given, EXPLAIN));
  if (given.recipe !== undefined)
    throw fail("BadRecipe", {
      what: `${what} takes no recipe ${JSON.stringify(given.recipe)}`,
      fix: "give its fields as options; `recipe: 1` beside them says they mean what a recipe file means",
    });
  const [stray] = unknownIn(given, what === "explain" ? EXPLAIN : { ...EXPLAIN, ...CHOICES });
  if (stray !== undefined) checkNames(what, { [stray]: true }, what === "explain" ? EXPLAIN : CHOICES);
  return [];
};

/** Errors: BadRecipe. */
export const checkLoadOptions = (given: Nested): void => {
  checkNames("load", given, LOAD);
  checkNested(given);
};
