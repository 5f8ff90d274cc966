/** The HTML report of `backlit evaluate`. */
import {
  type EvaluationExample,
  type EvaluationResult,
  evaluationPage,
  type MethodRecipe,
  methodCards,
  metrics,
  type ResolvedRecipe,
} from "@backlit/core";
import { describeRecipe } from "./recipe.ts";

export interface EvaluationReportOptions {
  /** The command line that made the result. */
  readonly command?: string;
}

/** A file that stands alone: light and dark, no script, nothing loaded. Examples are pictures of some samples. */
export const evaluationReport = (
  result: EvaluationResult,
  examples: readonly EvaluationExample[] = [],
  { command }: EvaluationReportOptions = {},
): string =>
  evaluationPage(result, {
    examples,
    methodCards,
    metricCards: Object.fromEntries(Object.entries(metrics).map(([name, { card }]) => [name, card])),
    describe: (recipe) => describeRecipe(recipe as ResolvedRecipe | MethodRecipe),
    ...(command !== undefined && { command }),
  });
