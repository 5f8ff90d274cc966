/** What the scores of an evaluation say: intervals, tests, ranks, agreement. Draws of random maps are one method, "random". */

export interface Summary {
  readonly confidence: number;
  /** Bootstrap resamples. */
  readonly resamples: number;
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
  /** Where the mean of one set of random maps lies, with the summary's confidence. */
  readonly floor?: { readonly mean: number; readonly low: number; readonly high: number };
  /** Every pair of methods, the better first. */
  readonly pairs: readonly Comparison[];
}

export interface MethodSummary extends Interval {
  readonly method: string;
  readonly random: boolean;
  /** Samples with a defined score. */
  readonly n: number;
  readonly median: number;
  readonly halfWidth: number;
  /** 1 is best; with the interval of ranks over the resamples. Absent where the score has no direction. */
  readonly rank?: number;
  readonly rankLow?: number;
  readonly rankHigh?: number;
  /** Lies inside the noise floor. */
  readonly atFloor?: boolean;
}

export interface Interval {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/** Paired by sample. */
export interface Comparison {
  readonly a: string;
  readonly b: string;
  readonly n: number;
  /** Mean of a − b, with its bootstrap interval. */
  readonly difference: Interval;
  /** Two-sided, of a paired sign-flip permutation test. */
  readonly p: number;
  /** After Holm's correction over all pairs of the table. */
  readonly pHolm: number;
  /** Mean of the differences over their standard deviation (Cohen's d of paired samples). */
  readonly effect: number;
  /** Share of samples on which a is better, ties half. */
  readonly wins: number;
}

/** Kendall's τ-b between two tables' mean scores of the methods. */
export interface Agreement {
  readonly a: number;
  readonly b: number;
  readonly tau: number;
  readonly low: number;
  readonly high: number;
}
