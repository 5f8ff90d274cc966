/** Tables that a caller may add to: what a definition is held against before it enters one. */
import { type BacklitError, fail } from "../errors.ts";

type Form = "a text" | "a function" | "an object" | "true or false";

/** What a definition must have, by path: `card.name`. */
type Forms = Readonly<Record<string, Form>>;

interface Definition<T> {
  /** "metric", "rule". */
  readonly kind: string;
  readonly name: string;
  readonly value: T;
  /** Names that mean something else already, besides those of the table. */
  readonly taken?: readonly string[];
  readonly forms: Forms;
}

/** Command lines and settings write parameters behind a name: it has neither colons nor commas. */
const NAME = /^[a-z][a-z0-9-]*$/;

/** The definition enters the table, for all that is done from now on. Errors: BadDefinition. */
export const define = <T extends object>(table: Readonly<Record<string, T>>, definition: Definition<T>): T => {
  const { kind, name, value, taken = [] } = definition;
  if (!NAME.test(name)) throw malformed(kind, name, "its name is of small letters, digits and hyphens");
  return enter(table, { ...definition, taken, value });
};

/** The same for names that somebody else has given. */
export const enter = <T extends object>(
  table: Readonly<Record<string, T>>,
  { kind, name, value, taken = [], forms }: Definition<T>,
): T => {
  checkForms(kind, value, forms);
  if (Object.hasOwn(table, name) || taken.includes(name))
    throw fail("BadDefinition", { what: `${kind} '${name}' is defined already`, fix: "give it another name" });
  (table as Record<string, T>)[name] = value; // readonly to all but this door
  return value;
};

/** A name as far as there is one, for messages. Errors: BadDefinition. */
export const nameIn = (kind: string, holder: unknown): string => {
  const name = (holder as { readonly name?: unknown } | null | undefined)?.name;
  if (typeof name === "string") return name;
  throw fail("BadDefinition", { what: `a ${kind} without a name`, fix: "give an object as docs/extending.md says" });
};

export const malformed = (kind: string, name: string, why: string): BacklitError =>
  fail("BadDefinition", { what: `${kind} '${name}'`, why, fix: "docs/extending.md says what it needs" });

/** Errors: BadDefinition for what is missing or of another form. */
const checkForms = (kind: string, value: object, forms: Forms): void => {
  for (const [path, form] of Object.entries(forms)) {
    const found = path
      .split(".")
      .reduce<unknown>((at, key) => (at as Readonly<Record<string, unknown>> | undefined)?.[key], value);
    if (!has(found, form)) {
      const owner = "card" in value ? value.card : value;
      throw malformed(kind, nameIn(kind, owner), `${path} must be ${form}, not ${found === null ? "null" : typeof found}`);
    }
  }
};

const has = (value: unknown, form: Form): boolean => {
  if (form === "a text") return typeof value === "string";
  if (form === "a function") return typeof value === "function";
  if (form === "true or false") return typeof value === "boolean";
  return typeof value === "object" && value !== null;
};

/** Errors: BadDefinition for a card's parameter that says not what it is or has no default. */
export const checkDeclared = (
  kind: string,
  { name, parameters }: { readonly name: string; readonly parameters: object },
): void => {
  for (const [key, parameter] of Object.entries(parameters)) {
    const { what, default: usual } = (parameter ?? {}) as { readonly what?: unknown; readonly default?: unknown };
    if (typeof what !== "string") throw malformed(kind, name, `parameters.${key}.what must be a text`);
    if (!(Array.isArray(usual) || ["number", "string", "boolean"].includes(typeof usual)))
      throw malformed(kind, name, `parameters.${key}.default must be a number, a text, true or false`);
  }
};
