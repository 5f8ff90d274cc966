/** What has no probability is judged by its value: a setting says so, and nobody's own choice is turned into another. */
import type { Explainer } from "../../explain/index.ts";
import { hasProbability, noProbability } from "../../reading/index.ts";
import { metrics } from "../metrics/index.ts";
import type { SettingChoice } from "./settings.ts";

interface Asked {
  readonly settings: readonly SettingChoice[];
  readonly output?: string;
  readonly explain?: string | readonly string[];
}

/** Errors: BadRecipe where somebody asks for the probability of what has none. */
export const valueScores = (lit: Explainer, { settings, output, explain }: Asked): readonly SettingChoice[] => {
  const { reading } = lit.outline({ output, explain }).plan;
  if (hasProbability(reading)) return settings;
  return settings.map(({ metric, params }) => {
    if (params?.score === "probability") throw noProbability(reading);
    const usual = params?.score === undefined && metrics[metric]?.card.parameters.score?.default === "probability";
    return usual ? { metric, params: { ...params, score: "logit" } } : { metric, ...(params && { params }) };
  });
};
