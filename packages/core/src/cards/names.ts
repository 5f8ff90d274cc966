/** Names of options: a misspelt one would change nothing and say nothing. */
import { fail } from "../errors.ts";

/** Errors: BadRecipe for a name that is none of the known ones. Values that are undefined are absent. */
export const checkNames = (what: string, given: object, known: object): void => {
  const [stray] = unknownIn(given, known);
  if (stray !== undefined)
    throw fail("BadRecipe", { what: `${what} takes no option '${stray}'`, fix: `it takes ${Object.keys(known).join(", ")}` });
};

export const unknownIn = (given: object, known: object): readonly string[] =>
  Object.entries(given).flatMap(([key, value]) => (value === undefined || Object.hasOwn(known, key) ? [] : [key]));

/** One entry for each option of a type: the compiler sees to it that none is missing. */
export type Names<T> = { readonly [K in keyof T]-?: true };
