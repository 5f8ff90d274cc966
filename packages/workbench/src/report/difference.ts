/** What a map that explains a difference from references adds up to, and how much of it is missing. */
import type { Difference } from "@backlit/core";
import { type ExplainedMap, statistics } from "../rows/explained.ts";
import { amount } from "./numbers.ts";

/** What such maps say of themselves, wherever they are shown. */
export const DIFFERENCE = "difference from the reference";

/** Missing parts below this share of the scores are rounding. */
const ROUNDING = 1e-3;

export interface Completeness extends Difference {
  /** What the map should add up to, and what it does not. */
  readonly difference: number;
  readonly gap: number;
}

/** f(x), f(reference), and how far Σ R is from their difference; undefined for methods that explain no difference. */
export const completenessOf = ({ difference, relevances }: ExplainedMap): Completeness | undefined => {
  if (difference === undefined) return undefined;
  const { score, reference } = difference;
  const sum = Object.values(relevances).reduce((all, map) => all + statistics(map).sum, 0);
  return { score, reference, difference: score - reference, gap: score - reference - sum };
};

/** "difference from the reference: Σ 2.5 = f(x) 3.1 − f(reference) 0.6" */
export const differenceLine = ({ score, reference, difference, gap }: Completeness): string => {
  const missing = Math.abs(gap) > ROUNDING * Math.max(Math.abs(score), Math.abs(reference), Math.abs(difference));
  const ends = `f(x) ${amount(score)} − f(reference) ${amount(reference)}`;
  return missing
    ? `${DIFFERENCE}: Σ ${amount(difference - gap)} of ${ends} = ${amount(difference)}, ${amount(gap)} is missing`
    : `${DIFFERENCE}: Σ ${amount(difference)} = ${ends}`;
};

/** Numbers a method found by the way: "f(x) −0.5, o 9.2"; the difference, where one is explained; undefined where neither is known. */
export const foundLine = (map: ExplainedMap): string | undefined => {
  const complete = completenessOf(map);
  if (complete !== undefined) return differenceLine(complete);
  const found = Object.entries(map.details ?? {}).map(([name, value]) => `${name} ${amount(value)}`);
  return found.length === 0 ? undefined : found.join(", ");
};
