/** Numbers for a whole curve. */

/** Area under the piecewise linear curve through (at, values). */
export const trapezoid = (values: ArrayLike<number>, at: ArrayLike<number>): number => {
  let area = 0;
  for (let k = 1; k < values.length; k++) area += ((values[k]! + values[k - 1]!) / 2) * (at[k]! - at[k - 1]!);
  return area;
};

/** AOPC = 1/(L+1) Σ_{k=0..L} f(x⁰) − f(xᵏ) (Samek et al. 2017, eq. 12): the first term is 0 and counts. */
export const aopc = (values: ArrayLike<number>): number => {
  let sum = 0;
  for (let k = 0; k < values.length; k++) sum += values[0]! - values[k]!;
  return sum / values.length;
};

/** The same over k = 1..L, the convention of some programs. */
export const aopcWithoutFirst = (values: ArrayLike<number>): number => (aopc(values) * values.length) / (values.length - 1);
