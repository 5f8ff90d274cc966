/**
 * The form of a recipe as written: which field is a text, a list, an object. What the values mean (known names, ranges) is checked
 * where they are used. A key of a match that does not exist is an error, as the rule would apply to every layer.
 */
import { fail } from "../errors.ts";

type Form = readonly [what: string, is: (value: unknown) => boolean];

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  value !== null && typeof value === "object" && !Array.isArray(value);
const isText = (value: unknown): value is string => typeof value === "string";
const isPosition = (value: unknown) => Number.isSafeInteger(value) && (value as number) >= 0;
const isList = (value: unknown, of: (item: unknown) => boolean) => Array.isArray(value) && value.length > 0 && value.every(of);
const some = (of: (item: unknown) => boolean) => (value: unknown) => of(value) || isList(value, of);

const TEXTS: Form = ["a text or a list of texts", some(isText)];
const OBJECT: Form = ["an object", isObject];

const FIELDS: Readonly<Record<string, Form>> = {
  composite: [
    "a name, or an object with a name and params",
    (v) => isText(v) || (isObject(v) && isText(v.name) && isObject(v.params ?? {})),
  ],
  rules: ["a list of { match, rule }", Array.isArray],
  seed: ["a name or { contrast: class }", (v) => isText(v) || (isObject(v) && (isText(v.contrast) || isPosition(v.contrast)))],
  explain: TEXTS,
  output: ["a text", isText],
  params: OBJECT,
};

const ENTRY: Readonly<Record<string, Form>> = {
  match: ["an object ({} is every layer)", isObject],
  rule: ["an object with a name", (v) => isObject(v) && isText(v.name)],
};

const MATCH: Readonly<Record<string, Form>> = {
  op: TEXTS,
  kind: TEXTS,
  name: TEXTS,
  first: ['true, false or "convolution"', (v) => typeof v === "boolean" || v === "convolution"],
  "every-first": ["true or false", (v) => typeof v === "boolean"],
  head: ["true or false", (v) => typeof v === "boolean"],
  nonnegative: ["true or false", (v) => typeof v === "boolean"],
  expansion: ["true or false", (v) => typeof v === "boolean"],
  index: ["a position or a list of positions, from 0", some(isPosition)],
  range: ["two positions", (v) => isList(v, isPosition) && (v as readonly number[]).length === 2],
  mapAbove: ['a number or "half-stride"', (v) => Number.isFinite(v) || v === "half-stride"],
};

/** Errors: BadRecipe, saying what the field takes. Fields that are undefined are absent. */
export const checkForm = (recipe: object): void => {
  check(recipe as never, FIELDS, "");
  ((recipe as { rules?: readonly Readonly<Record<string, unknown>>[] }).rules ?? []).forEach((entry, i) => {
    const where = `rule ${i + 1}`;
    if (!isObject(entry)) throw wrong(where, entry, FIELDS.rules!);
    check({ match: null, rule: null, ...entry }, ENTRY, `${where}: `);
    const stray = Object.keys(entry.match as object).find((key) => !Object.hasOwn(MATCH, key));
    if (stray !== undefined)
      throw fail("BadRecipe", {
        what: `${where}: a match has no key '${stray}'`,
        fix: `it has ${Object.keys(MATCH).join(", ")}`,
      });
    check(entry.match as never, MATCH, `${where}: match.`);
  });
};

const check = (value: Readonly<Record<string, unknown>>, forms: Readonly<Record<string, Form>>, before: string): void => {
  for (const [key, form] of Object.entries(forms))
    if (value[key] !== undefined && !form[1](value[key])) throw wrong(`${before}${key}`, value[key], form);
};

const wrong = (field: string, value: unknown, [what]: Form) =>
  fail("BadRecipe", { what: `${field} is ${JSON.stringify(value)?.slice(0, 60)}`, fix: `give ${what}` });
