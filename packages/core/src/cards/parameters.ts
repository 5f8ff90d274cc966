/** What a card says of its parameters, and how values given by a person are held against it. */
import { fail } from "../errors.ts";

/** Whatever has a name and parameters: a method, a metric, an imputer. */
export interface Carded {
  readonly name: string;
  readonly parameters: Readonly<Record<string, MethodParameter>>;
}

export interface MethodParameter {
  readonly what: string;
  /** Its type is the parameter's type; a text may be given as a number, too. */
  readonly default: number | string | boolean;
  readonly min?: number;
  readonly max?: number;
  readonly integer?: true;
  readonly choices?: readonly string[];
}

export type MethodParams = Readonly<Record<string, number | string | boolean>>;

/** Defaults filled in; unknown names and values out of range are errors that name the range. */
export const checkParameters = (card: Carded, given: Readonly<Record<string, unknown>> = {}, kind = "method"): MethodParams => {
  const known = Object.keys(card.parameters);
  const stray = Object.keys(given).find((key) => !known.includes(key));
  if (stray !== undefined)
    throw fail("BadRecipe", {
      what: `${kind} '${card.name}' has no parameter '${stray}'`,
      fix: known.length > 0 ? `it has ${known.join(", ")}` : "it has none",
    });
  return Object.fromEntries(known.map((key) => [key, checkedValue(card.name, key, card.parameters[key]!, given[key])]));
};

/** One parameter: the default where nothing is given. Errors: BadRecipe. */
export const checkedValue = (
  method: string,
  key: string,
  parameter: MethodParameter,
  value: unknown,
): number | string | boolean => {
  if (value === undefined || value === null) return parameter.default;
  const bad = () =>
    fail("BadRecipe", { what: `${key} of '${method}' cannot be ${JSON.stringify(value)}`, fix: `it is ${rangeOf(parameter)}` });
  const { default: fallback, min = -Infinity, max = Infinity, integer, choices } = parameter;
  if (typeof fallback === "number") {
    if (typeof value !== "number" || !(value >= min && value <= max) || (integer && !Number.isInteger(value))) throw bad();
    return value;
  }
  if (typeof fallback === "boolean") {
    if (typeof value !== "boolean") throw bad();
    return value;
  }
  if (typeof value !== "string" && typeof value !== "number") throw bad();
  const text = String(value);
  if (choices !== undefined && !choices.includes(text)) throw bad();
  return text;
};

/** "a whole number from 1 to 1000", "one of left, right". */
export const rangeOf = ({ default: fallback, min, max, integer, choices }: MethodParameter): string => {
  if (choices !== undefined) return `one of ${choices.join(", ")}`;
  if (typeof fallback === "boolean") return "true or false";
  if (typeof fallback === "string") return "text";
  const kind = integer ? "a whole number" : "a number";
  if (min !== undefined && max !== undefined) return `${kind} from ${min} to ${max}`;
  if (min !== undefined) return `${kind} of at least ${min}`;
  return max !== undefined ? `${kind} of at most ${max}` : kind;
};
