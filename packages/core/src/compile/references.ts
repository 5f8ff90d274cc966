/** Rows of the data that a method compares with are given beside the recipe, which says that they are. */
import { compiledMethods } from "../compiled/index.ts";
import { fail } from "../errors.ts";
import type { Recipe } from "../plan/index.ts";

/** The recipe with its baseline named. Errors: BadRecipe for methods that read none, and for another baseline beside them. */
export const comparing = <R extends Pick<Recipe, "method" | "params">>(recipe: R, given: boolean): R => {
  if (!given) return recipe;
  const readers = Object.values(compiledMethods).filter(({ takesReferences }) => takesReferences);
  if (!readers.some(({ card }) => card.name === recipe.method))
    throw fail("BadRecipe", {
      what: `method '${recipe.method ?? "lrp"}' compiles no references`,
      fix: `these do: ${readers.map(({ card }) => card.name).join(", ")}`,
    });
  const { baseline = "references" } = recipe.params ?? {};
  if (baseline !== "references")
    throw fail("BadRecipe", { what: `references and baseline ${JSON.stringify(baseline)}`, fix: "give one of them" });
  return { ...recipe, params: { ...recipe.params, baseline } };
};
