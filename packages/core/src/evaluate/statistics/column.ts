/** The scores of one method by sample, or the differences of two: what every statistic is computed from. In float64. */

export interface Column {
  /** By sample; 0 where undefined. */
  readonly values: Float64Array;
  /** 1 where defined. */
  readonly defined: Uint8Array;
  /** Samples with a defined score. */
  readonly n: number;
}

export type Scores = readonly (number | null)[];

const columnBy = (count: number, at: (i: number) => number | null): Column => {
  const values = new Float64Array(count);
  const defined = new Uint8Array(count);
  let n = 0;
  for (let i = 0; i < count; i++) {
    const value = at(i);
    // Infinite and NaN count as undefined, as null does.
    if (value === null || !Number.isFinite(value)) continue;
    values[i] = value;
    defined[i] = 1;
    n += 1;
  }
  return { values, defined, n };
};

/** The scores of the samples that `order` names, in that order. */
export const columnOf = (scores: Scores, order: ArrayLike<number>): Column =>
  columnBy(order.length, (i) => scores[order[i]!] ?? null);

/** The mean over columns, sample by sample, of those that are defined. */
export const pooled = (columns: readonly Column[]): Column => {
  if (columns.length === 1) return columns[0]!;
  return columnBy(columns[0]?.values.length ?? 0, (i) => {
    let [sum, n] = [0, 0];
    for (const { values, defined } of columns) {
      sum += values[i]!;
      n += defined[i]!;
    }
    return n === 0 ? null : sum / n;
  });
};

/** a − b on the samples where both are defined. */
export const differenceOf = (a: Column, b: Column): Column =>
  columnBy(a.values.length, (i) => (a.defined[i] && b.defined[i] ? a.values[i]! - b.values[i]! : null));

/** Defined on the same samples: then the mean of the differences is the difference of the means. */
export const alike = (a: Column, b: Column): boolean => a.n === b.n && a.defined.every((is, i) => is === b.defined[i]);

/** The defined values, in the order of the samples. */
export const definedOf = ({ values, defined }: Column): Float64Array => values.filter((_, i) => defined[i] === 1);

/** NaN where nothing is defined. */
export const meanOf = ({ values, n }: Column): number => {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum / n;
};

/** The mean of a column where another is defined, too. */
export const meanWhere = (column: Column, other: Column): number =>
  meanOf(columnBy(column.values.length, (i) => (column.defined[i] && other.defined[i] ? column.values[i]! : null)));

/** Of the defined values: mean, standard deviation (over n − 1; NaN below two), skewness (over n; NaN where nothing varies). */
export const momentsOf = (column: Column): { readonly mean: number; readonly sd: number; readonly skewness: number } => {
  const mean = meanOf(column);
  let [second, third] = [0, 0];
  for (let i = 0; i < column.values.length; i++) {
    if (!column.defined[i]) continue;
    const d = column.values[i]! - mean;
    second += d * d;
    third += d * d * d;
  }
  const { n } = column;
  const variance = second / n;
  return { mean, sd: n < 2 ? Number.NaN : Math.sqrt(second / (n - 1)), skewness: third / n / (variance * Math.sqrt(variance)) };
};

/**
 * An order of the samples that depends on their scores alone (those of the first list, then the second, …), so that the same random
 * numbers meet the same samples however they were listed: results do not depend on the order of the samples, to the last digit.
 */
export const steadyOrder = (lists: readonly Scores[]): Uint32Array => {
  const value = (scores: Scores, i: number) => scores[i] ?? Number.NEGATIVE_INFINITY;
  return Uint32Array.from({ length: lists[0]?.length ?? 0 }, (_, i) => i).sort((i, j) => {
    for (const scores of lists) {
      const [a, b] = [value(scores, i), value(scores, j)];
      if (a !== b) return a < b ? -1 : 1;
    }
    return 0;
  });
};
