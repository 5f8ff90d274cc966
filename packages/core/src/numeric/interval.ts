/** A number and how certain it is. */

/** Numbers that are not there (the mean of no scores, the interval of fewer than two) are NaN, in JSON null. */
export interface Interval {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}
