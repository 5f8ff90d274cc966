import { readFile } from "node:fs/promises";
import { fail, isBacklitError, parseRecipe, type Recipe } from "@backlit/core";

export interface RecipeFile {
  readonly recipe: Recipe;
  /** The class, where the file is a conformance expectation that names one. */
  readonly target?: string;
  readonly notices: readonly string[];
}

/**
 * Reads a recipe, or a conformance expectation: there `tensor` or `input` is what is explained, and `targets` the class.
 * Throws NotFound and BadRecipe, which name the file.
 */
export const readRecipe = async (path: string): Promise<RecipeFile> => {
  const text = await readFile(path, "utf8").catch((cause: NodeJS.ErrnoException) => {
    throw fail(
      "NotFound",
      { what: "cannot read the recipe", where: path, why: reasons[cause.code ?? ""] ?? cause.message },
      cause,
    );
  });
  try {
    const { recipe, notices } = parseRecipe(text);
    const { tensor, input, targets } = JSON.parse(text) as { tensor?: string; input?: string; targets?: unknown };
    const explain = recipe.explain ?? tensor ?? input;
    const [target, ...others] = new Set(Array.isArray(targets) ? targets.map(String) : []);
    return {
      recipe: { ...recipe, ...(explain !== undefined && { explain }) },
      notices: others.length > 0 ? [...notices, `${path} names several targets: give one with --target`] : notices,
      ...(target !== undefined && others.length === 0 && { target }),
    };
  } catch (error) {
    throw isBacklitError(error) ? fail(error._tag, { ...error.parts, where: error.parts.where ?? path }, error) : error;
  }
};

const reasons: Readonly<Record<string, string>> = { ENOENT: "no such file", EISDIR: "it is a folder", EACCES: "no permission" };
