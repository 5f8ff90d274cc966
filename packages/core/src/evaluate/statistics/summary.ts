/** What the scores of an evaluation say: intervals, tests, ranks, agreement. Draws of random maps are one method, "random". */
import type { Interval } from "../../numeric/interval.ts";

export interface Summary {
  readonly confidence: number;
  /** Bootstrap resamples. */
  readonly resamples: number;
  /** Sign patterns of the permutation test, where not all are tried. */
  readonly permutations?: number;
  /** False below 20 samples: not enough to rank. */
  readonly enough: boolean;
  /** One for each score table. */
  readonly tables: readonly TableSummary[];
  /** Between primary scores: do the metrics (imputers, units) agree? */
  readonly agreement: readonly Agreement[];
}

export interface TableSummary {
  /** Index into the result's tables. */
  readonly table: number;
  /** In the order of the methods; random maps as one, last. */
  readonly methods: readonly MethodSummary[];
  /** Where the mean of one set of random maps on these samples lies, with the summary's confidence (statistics/floor.ts). */
  readonly floor?: { readonly mean: number; readonly low: number; readonly high: number };
  /** Every pair of methods with two or more common scores, the better first; none where the score has no direction. */
  readonly pairs: readonly Comparison[];
}

export interface MethodSummary extends Interval {
  readonly method: string;
  readonly random: boolean;
  /** Samples with a defined score. */
  readonly n: number;
  readonly median: number;
  readonly halfWidth: number;
  /**
   * 1 is best, methods of equal mean share the mean of their ranks; with the interval of ranks over the resamples. Absent where the
   * score has no direction, and below 20 samples.
   */
  readonly rank?: number;
  readonly rankLow?: number;
  readonly rankHigh?: number;
  /** The mean lies inside the noise floor. Absent for random maps, whose floor it is. */
  readonly atFloor?: boolean;
}

/** Paired by sample. */
export interface Comparison {
  readonly a: string;
  readonly b: string;
  readonly n: number;
  /** Mean of a − b, with its bootstrap interval. */
  readonly difference: Interval;
  /** Two-sided, of a paired sign-flip permutation test; exact where at most 12 samples differ. */
  readonly p: number;
  /** After Holm's correction over all pairs of the table. */
  readonly pHolm: number;
  /** Mean of the differences over their standard deviation (Cohen's d of paired samples); ±∞, in JSON null, if they are all the same. */
  readonly effect: number;
  /** Share of samples on which a is better, ties half. */
  readonly wins: number;
}

/** Kendall's τ-b between two tables' mean scores of the methods, random maps left out; 1: they rank alike. */
export interface Agreement {
  /** Indices into the result's tables. */
  readonly a: number;
  readonly b: number;
  readonly tau: number;
  readonly low: number;
  readonly high: number;
}
