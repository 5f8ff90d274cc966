import { fail, isBacklitError, parseRecipe, type Recipe } from "@backlit/core";
import { type Files, textOf } from "../host/files.ts";

export interface RecipeFile {
  readonly recipe: Recipe;
  /** The class, where the file is a conformance expectation that names one. */
  readonly target?: string;
  /** Seed of the random numbers, for methods that draw some. */
  readonly random?: number;
  readonly notices: readonly string[];
}

/**
 * Reads a recipe, or a conformance expectation: there `tensor` or `input` is what is explained, and `targets` the class.
 * Throws NotFound and BadRecipe, which name the file.
 */
export const readRecipe = async (files: Files, path: string): Promise<RecipeFile> => {
  const text = await textOf(files, path, "cannot read the recipe");
  try {
    const { recipe, notices: all } = parseRecipe(text);
    const { tensor, input, targets, random } = JSON.parse(text) as Readonly<Record<string, unknown>>;
    if (random !== undefined && !Number.isSafeInteger(random))
      throw fail("BadRecipe", { what: `random ${JSON.stringify(random)}`, fix: "it is a whole number" });
    const notices = all.filter((notice) => notice !== "ignored in the recipe: random");
    const explain = recipe.explain ?? ((tensor ?? input) as string | undefined);
    const [target, ...others] = new Set(Array.isArray(targets) ? targets.map(String) : []);
    return {
      recipe: { ...recipe, ...(explain !== undefined && { explain }) },
      notices: others.length > 0 ? [...notices, `${path} names several targets: give one with --target`] : notices,
      ...(random !== undefined && { random: random as number }),
      ...(target !== undefined && others.length === 0 && { target }),
    };
  } catch (error) {
    throw isBacklitError(error) ? fail(error._tag, { ...error.parts, where: error.parts.where ?? path }, error) : error;
  }
};
