/** Principal components: the directions in which rows differ most. What is left of a row is taken for noise of one size (Tipping and Bishop 1999). */
import type { Rows } from "../../clusters/rows.ts";
import { symmetricEigen } from "../../numeric/eigen.ts";

/** Plain data. */
export interface Subspace {
  /** Of all rows. */
  readonly mean: readonly number[];
  /** Unit vectors, the direction of most variance first. */
  readonly axes: readonly (readonly number[])[];
  /** Variance in each of the other directions. */
  readonly rest: number;
}

/** Eigenvalues below this share of the largest are rounding. */
const NOTHING = 1e-12;

/** At most `size` axes, fewer where rows differ in fewer directions. `reg` is added to the variance of the rest. */
export const subspaceOf = (rows: Rows, size: number, reg: number): Subspace => {
  const [count, width] = [rows.length, rows[0]!.length];
  const mean = Array.from({ length: width }, (_, d) => rows.reduce((sum, row) => sum + row[d]! / count, 0));
  const centred = rows.map((row) => Float64Array.from(mean, (own, d) => row[d]! - own));
  const { values, vectors } = count < width ? ofRows(centred) : ofColumns(centred, width);
  const largest = values[0] ?? 0;
  const kept = vectors.slice(0, size).filter((_, k) => values[k]! > NOTHING * largest);
  const left = values.slice(kept.length).reduce((sum, value) => sum + Math.max(0, value), 0);
  return { mean, axes: kept.map((axis) => Array.from(axis)), rest: left / Math.max(1, width - kept.length) + reg };
};

interface Spectrum {
  /** Variances, descending. */
  readonly values: readonly number[];
  readonly vectors: readonly Float64Array[];
}

const ofColumns = (centred: readonly Float64Array[], width: number): Spectrum => {
  const covariance = new Float64Array(width * width);
  for (const row of centred)
    for (let d = 0; d < width; d++)
      for (let e = 0; e < width; e++) covariance[d * width + e]! += (row[d]! * row[e]!) / centred.length;
  const { values, vectors } = symmetricEigen(covariance, width);
  return { values: Array.from(values).reverse(), vectors: [...vectors].reverse() };
};

/** Of fewer rows than columns: X Xᵀ has the same eigenvalues as XᵀX, and u gives Xᵀu. */
const ofRows = (centred: readonly Float64Array[]): Spectrum => {
  const count = centred.length;
  const gram = Float64Array.from({ length: count * count }, (_, i) => {
    const [a, b] = [centred[Math.floor(i / count)]!, centred[i % count]!];
    return a.reduce((sum, v, d) => sum + v * b[d]!, 0) / count;
  });
  const { values, vectors } = symmetricEigen(gram, count);
  const back = [...vectors].reverse().map((u) => {
    const axis = centred[0]!.map((_, d) => centred.reduce((sum, row, n) => sum + u[n]! * row[d]!, 0));
    const length = Math.sqrt(axis.reduce((sum, v) => sum + v * v, 0)) || 1;
    return axis.map((v) => v / length);
  });
  return { values: Array.from(values).reverse(), vectors: back };
};

/** A row's numbers along the axes, and the squared length of what is left of it. */
export const projected = ({ mean, axes }: Subspace, row: ArrayLike<number>) => {
  const centred = mean.map((own, d) => row[d]! - own);
  const along = axes.map((axis) => axis.reduce((sum, v, d) => sum + v * centred[d]!, 0));
  const left = centred.map((own, d) => axes.reduce((sum, axis, k) => sum - axis[d]! * along[k]!, own));
  return { along, left: left.reduce((sum, v) => sum + v * v, 0) };
};
