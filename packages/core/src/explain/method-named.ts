/** Methods by name: known before what runs those of many passes is fetched. */
import { compiledMethods } from "../compiled/index.ts";
import { fail } from "../errors.ts";
import { type Method, methods } from "../methods/index.ts";

export const unknownMethod = (what: string, more = "") =>
  fail("BadRecipe", {
    what: `${what} is not known`,
    fix: `one of ${[...Object.keys(compiledMethods), ...Object.keys(methods)].join(", ")}${more}`,
  });

/** The method of many passes of this name; undefined for compiled ones. Errors: BadRecipe for names nobody has. */
export const methodNamed = (name: string | undefined): Method | undefined => {
  if (name === undefined || Object.hasOwn(compiledMethods, name)) return undefined;
  if (!Object.hasOwn(methods, name)) throw unknownMethod(`method ${JSON.stringify(name)}`);
  return methods[name];
};
