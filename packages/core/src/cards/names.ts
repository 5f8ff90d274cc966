/** Names of options: a misspelt one would change nothing and say nothing. */
import { fail } from "../errors.ts";

/** Errors: BadRecipe for a name that is none of the known ones. Values that are undefined are absent. */
export const checkNames = (what: string, given: object, known: object): void => {
  const [stray] = unknownIn(given, known);
  if (stray !== undefined)
    throw fail("BadRecipe", { what: `${what} takes no option '${stray}'`, fix: `it takes ${Object.keys(known).join(", ")}` });
};

/** Keys of values that are given (neither undefined nor null) and not known, by a list or a table of names. */
export const unknownIn = (given: object, known: object): readonly string[] => {
  const names = new Set(Array.isArray(known) ? known : Object.keys(known));
  return Object.entries(given).flatMap(([key, value]) => (value === undefined || value === null || names.has(key) ? [] : [key]));
};

/** One entry for each option of a type: the compiler sees to it that none is missing. */
export type Names<T> = { readonly [K in keyof T]-?: true };
