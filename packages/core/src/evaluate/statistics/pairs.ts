/** Two methods on the same samples: everything that is said of a pair. */
import type { ScoreTable } from "../result.ts";
import { intervalOf, type Resampling, resamplingOf } from "./bootstrap.ts";
import { alike, type Column, differenceOf } from "./column.ts";
import { pairedEffect, winsOf } from "./effect.ts";
import { holm } from "./holm.ts";
import { type SignFlips, signFlipsOf } from "./permutation-test.ts";
import type { Comparison } from "./summary.ts";
import type { CheckedOptions } from "./summary-options.ts";

/** The random numbers of a run, drawn once for all its methods and tables. */
export interface Draws {
  readonly confidence: number;
  readonly resampling: Resampling;
  readonly flips: SignFlips;
}

/** `count`: samples. */
export const drawsOf = (count: number, { confidence, resamples, permutations, seed }: CheckedOptions): Draws => ({
  confidence,
  resampling: resamplingOf(count, resamples, seed),
  flips: signFlipsOf(count, permutations, seed),
});

export interface Side {
  readonly name: string;
  readonly column: Column;
}

/**
 * Compares the pairs of one table on the samples where both sides have scores, and corrects the p values for the number of pairs.
 * Undefined where there are fewer than two such samples; `wins` is NaN where the score has no direction.
 */
export const comparedPairs = (
  pairs: readonly (readonly [Side, Side])[],
  direction: ScoreTable["direction"],
  draws: Draws,
): readonly (Comparison | undefined)[] => {
  const found = pairs.map(([a, b]) => comparedPair(a, b, direction, draws));
  const adjusted = holm(found.flatMap((pair) => pair?.p ?? [])).values();
  return found.map((pair) => pair && { ...pair, pHolm: adjusted.next().value! });
};

const comparedPair = (
  a: Side,
  b: Side,
  direction: ScoreTable["direction"],
  draws: Draws,
): Omit<Comparison, "pHolm"> | undefined => {
  const { confidence, resampling, flips } = draws;
  const difference = differenceOf(a.column, b.column);
  if (difference.n < 2) return undefined;
  return {
    a: a.name,
    b: b.name,
    n: difference.n,
    difference: intervalOf(difference, resampledDifference(a.column, b.column, difference, resampling), confidence),
    p: flips.p(a.column, b.column),
    effect: pairedEffect(difference),
    wins: winsOf(difference, direction),
  };
};

/** A mean of differences is a difference of means where the samples are the same: no pass over them for each pair. */
const resampledDifference = (a: Column, b: Column, difference: Column, { means }: Resampling): Float64Array => {
  if (!alike(a, b)) return means(difference);
  const second = means(b);
  return means(a).map((mean, k) => mean - second[k]!);
};

/** Every two, the better first; of equal ones the one that stands first. */
export const everyPair = (sides: readonly Side[], direction: "higher" | "lower", draws: Draws): readonly Comparison[] => {
  const pairs = sides.flatMap((a, i) => sides.slice(i + 1).map((b) => [a, b] as const));
  const sign = direction === "higher" ? 1 : -1;
  return comparedPairs(pairs, direction, draws)
    .filter((pair) => pair !== undefined)
    .map((pair) => (sign * pair.difference.mean < 0 ? turned(pair) : pair));
};

/** The same comparison, seen from the other side. */
export const turned = ({ a, b, difference, effect, wins, ...rest }: Comparison): Comparison => ({
  ...rest,
  a: b,
  b: a,
  difference: { mean: -difference.mean, low: -difference.high, high: -difference.low },
  effect: -effect,
  wins: 1 - wins,
});
