/**
 * What `Math.max(...values)` and `list.push(...more)` do, for lists of any length: engines stop at some 125,000 arguments, and there
 * are models with more classes, tables with more rows, series with more points.
 */

/** The largest value, NaN where one is; `floor` where there is none above it. */
export const maxOf = (values: Iterable<number>, floor = Number.NEGATIVE_INFINITY): number => {
  let most = floor;
  for (const value of values) {
    if (Number.isNaN(value)) return value;
    if (value > most) most = value;
  }
  return most;
};

/** The smallest value, NaN where one is; `ceiling` where there is none below it. */
export const minOf = (values: Iterable<number>, ceiling = Number.POSITIVE_INFINITY): number => {
  let most = ceiling;
  for (const value of values) {
    if (Number.isNaN(value)) return value;
    if (value < most) most = value;
  }
  return most;
};

/** Adds items at the end of a list. */
export const append = <T>(list: T[], items: Iterable<T>): void => {
  for (const item of items) list.push(item);
};
