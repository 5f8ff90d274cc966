/** Methods of one compiled pass, and composites, by name: as a recipe, many rows of them run in one batch. */
import { compiledMethods } from "../../compiled/index.ts";
import { composites } from "../../composites/index.ts";
import type { Oracle } from "../../oracle/oracle.ts";
import { repeatedRows } from "../../oracle/rows.ts";
import type { Recipe } from "../../plan/index.ts";
import { type FloatTensor, sampleOf, zerosLike } from "../../tensor/float.ts";
import type { Attribution } from "../method.ts";

/** Undefined for names that are neither. */
export const compiledRecipe = (name: string, params: Readonly<Record<string, unknown>> = {}): Recipe | undefined => {
  if (Object.hasOwn(compiledMethods, name)) return { method: name, params };
  if (name === "auto" || composites[name] !== undefined) return { method: "lrp", composite: { name, params } };
  return undefined;
};

/** One pass over the samples as they are. */
export const compiledMap = async (oracle: Oracle, x: FloatTensor, recipe: Recipe): Promise<Attribution> => {
  const map = zerosLike(x);
  const rows = repeatedRows(oracle.samples, 1, (n, _, into) => into.set(sampleOf(x, n)));
  await oracle.relevance(rows, (n, { relevance }) => sampleOf(map, n).set(relevance), { recipe });
  return { relevance: map };
};
