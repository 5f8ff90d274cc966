/** Fields that a recipe has, and those that may lie beside them. */
import type { Recipe } from "./recipe.ts";

/** One entry for each option of a type: the compiler sees to it that none is missing. */
export type Names<T> = { readonly [K in keyof T]-?: true };

export const RECIPE: Names<Recipe> = {
  recipe: true,
  method: true,
  composite: true,
  rules: true,
  activation: true,
  stabilizer: true,
  seed: true,
  start: true,
  score: true,
  ties: true,
  explain: true,
  output: true,
  params: true,
  onUnsupported: true,
};

/** Fields of conformance cases and notes: ignored without a word. */
const SILENT = new Set([
  "id",
  "file",
  "noise",
  "tolerance",
  "targets",
  "target",
  "input",
  "tensor",
  "seed_file",
  "exact",
  "what",
  "hash",
]);

export const isField = (key: string): boolean => Object.hasOwn(RECIPE, key);

/** What is said of fields that a recipe file has and no recipe knows. */
export const ignoredNotices = (unknown: readonly string[]): readonly string[] => {
  const told = unknown.filter((key) => !SILENT.has(key));
  return told.length > 0 ? [`ignored in the recipe: ${told.join(", ")}`] : [];
};
