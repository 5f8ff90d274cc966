/** Options that take one of a few names. */
import { fail } from "@backlit/core";
import { suggest } from "./nearest.ts";

/** Throws Usage, with the nearest name. */
export const known = (what: string, name: string | undefined, names: readonly string[]): void => {
  if (name !== undefined && !names.includes(name))
    throw fail("Usage", { what: `unknown ${what} '${name}'`, fix: suggest(name, names) });
};

/** The same as a parser of commander's, whose own message suggests nothing. */
export const choice =
  <T extends string>(option: string, allowed: readonly T[]) =>
  (value: string): T => {
    known(`value for --${option}`, value, allowed);
    return value as T;
  };
