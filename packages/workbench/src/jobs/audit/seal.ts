/** The audit's own hash, and the comparison of two audits. */
import { canonicalJson, maxOf, sha256 } from "@backlit/core";
import type { Audit } from "./document.ts";

/** Digits that a number keeps: fewer than float32 carries, so that the last bits of another machine seldom show. */
const DIGITS = 5;

/** Numbers rounded; what is no number (NaN, ±∞) is null, as in JSON. */
export const rounded = <T>(value: T): T => {
  if (typeof value === "number") return (Number.isFinite(value) ? Number(value.toPrecision(DIGITS)) : null) as T;
  if (Array.isArray(value)) return value.map(rounded) as T;
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, rounded(inner)])) as T;
};

export const sealOf = (audit: Omit<Audit, "sha256">): Promise<string> => {
  const { sha256: _, ...content } = audit as Audit;
  return sha256(canonicalJson(content));
};

export interface Difference {
  /** "ledger.arrived.median" */
  readonly at: string;
  readonly here: string;
  readonly there: string;
  /** Of two numbers (in texts that are else the same): |a − b| over the larger, or over 1 where both are small. */
  readonly relative?: number;
}

/** Where two documents differ, in the order of their fields. `skip`: fields of the top that do not count. */
export const differencesOf = (here: unknown, there: unknown, skip: readonly string[] = [], at = ""): readonly Difference[] => {
  if (canonicalJson({ v: here }) === canonicalJson({ v: there })) return [];
  const fields = (value: unknown) =>
    value !== null && typeof value === "object" ? (value as Record<string, unknown>) : undefined;
  const [a, b] = [fields(here), fields(there)];
  if (a !== undefined && b !== undefined)
    return [...new Set([...Object.keys(a), ...Object.keys(b)])]
      .filter((key) => !skip.includes(key))
      .flatMap((key) => differencesOf(a[key], b[key], [], at === "" ? key : `${at}.${key}`));
  const relative = distance(here, there);
  return [
    {
      at,
      here: JSON.stringify(here) ?? "nothing",
      there: JSON.stringify(there) ?? "nothing",
      ...(relative !== undefined && { relative }),
    },
  ];
};

const NUMBER = /\d+(?:\.\d+)?(?:e[+-]?\d+)?/g;

/** Of numbers, and of texts that differ in their numbers alone. */
const distance = (a: unknown, b: unknown): number | undefined => {
  if (typeof a === "number" && typeof b === "number") return Math.abs(a - b) / Math.max(Math.abs(a), Math.abs(b), 1);
  if (typeof a !== "string" || typeof b !== "string" || /^[0-9a-f]{64}$/.test(a)) return undefined;
  if (a.replace(NUMBER, "#") !== b.replace(NUMBER, "#")) return undefined;
  const [first, second] = [a, b].map((text) => (text.match(NUMBER) ?? []).map(Number)) as [number[], number[]];
  return maxOf(first.map((number, i) => distance(number, second[i]!)!));
};
