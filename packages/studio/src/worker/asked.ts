/** From the page's question to an open model's options. */

import type { Recipe } from "@backlit/core";
import { choiceRequestOf, choicesOf, type OpenModel, type WhyOptions } from "@backlit/workbench";
import { editedRules, isEdited } from "../shown/chosen.ts";
import type { ExplainAsk } from "./messages.ts";

/** Errors: those of planning, where rules are changed. */
export const optionsOf = (
  lit: OpenModel,
  { choice, edits, target }: Pick<ExplainAsk, "choice" | "edits" | "target">,
): WhyOptions => {
  const options: WhyOptions = { ...choice, ...(target !== undefined && { target }) };
  if (!isEdited(edits)) return options;
  const { recipe } = lit.inspect(choicesOf(choiceRequestOf(options), lit.bundle)).plan;
  if (recipe.method !== "lrp") return options;
  return { ...(target !== undefined && { target }), recipe: { ...recipe, rules: editedRules(recipe, edits) } as Recipe };
};
