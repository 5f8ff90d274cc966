/** Typed look-ups in a preprocessing config, which is somebody else's JSON: null counts as absent. */
import { fail } from "../../errors.ts";
import type { ResizeFilter } from "./resize.ts";
import { RESIZE_CODES } from "./resize-codes.ts";

export type Config = Readonly<Record<string, unknown>>;

export const isRecord = (value: unknown): value is Config => typeof value === "object" && value !== null && !Array.isArray(value);

export const badConfig = (key: string, value: unknown, expected: string) =>
  fail("BadInput", { what: `the preprocessing config's ${key} is ${JSON.stringify(value)}`, why: `expected ${expected}` });

/** The value at `key`, checked; undefined when absent or null. */
const look =
  <T>(expected: string, is: (value: unknown) => value is T) =>
  (config: Config, key: string): T | undefined => {
    const value = config[key] ?? undefined;
    if (value === undefined || is(value)) return value;
    throw badConfig(key, value, expected);
  };

const isNumber = (value: unknown): value is number => typeof value === "number" && Number.isFinite(value);
const isNumbers = (value: unknown): value is number[] => Array.isArray(value) && value.length > 0 && value.every(isNumber);

export const flag = look("true or false", (value): value is boolean => typeof value === "boolean");
export const number = look("a number", isNumber);
/** A number or a list of numbers, as a list. */
export const numbers = (config: Config, key: string): number[] | undefined => {
  const value = look("numbers", (v): v is number | number[] => isNumber(v) || isNumbers(v))(config, key);
  return typeof value === "number" ? [value] : value;
};
export const text = look("a text", (value): value is string => typeof value === "string");

/** A number of pixels. */
export const isLength = (value: unknown): value is number =>
  Number.isInteger(value) && (value as number) > 0 && (value as number) < 1e5;

/** A filter by PIL's code or name. */
export const filter = (config: Config, key: string): ResizeFilter | undefined => {
  const value = config[key] ?? undefined;
  if (value === undefined) return undefined;
  const found = typeof value === "number" ? RESIZE_CODES[value] : RESIZE_CODES.find((name) => name === value);
  if (found) return found;
  throw badConfig(key, value, "0 to 5, PIL's code of a filter (2 bilinear, 3 bicubic, …)");
};

/** The list stretched to one number for each channel. */
export const perChannel = (values: readonly number[], channels: number, key: string): readonly number[] => {
  if (values.length === channels) return values;
  if (values.length === 1) return Array.from({ length: channels }, () => values[0]!);
  if (channels === 1) return [values.reduce((a, b) => a + b, 0) / values.length];
  throw badConfig(key, values, `${channels} numbers, one for each channel`);
};
