/** Metrics with their parameters, checked before anything is computed. */

import { checkParameters } from "../../cards/parameters.ts";
import { fail } from "../../errors.ts";
import { metrics } from "../metrics/index.ts";
import type { EvaluationSetting } from "../result.ts";

export interface SettingChoice {
  readonly metric: string;
  readonly params?: Readonly<Record<string, unknown>>;
}

/** Defaults filled in. Errors: BadRecipe. */
export const checkedSettings = (choices: readonly SettingChoice[]): readonly EvaluationSetting[] =>
  choices.map(({ metric, params }) => {
    const found = metrics[metric];
    if (found === undefined)
      throw fail("BadRecipe", { what: `metric '${metric}'`, fix: `one of ${Object.keys(metrics).join(", ")}` });
    return { metric, params: checkParameters(found.card, params, "metric") };
  });
