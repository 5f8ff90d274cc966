/** Rows of numbers, and distances between them. */
export type Rows = readonly ArrayLike<number>[];

export const squaredDistance = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  let sum = 0;
  for (let d = 0; d < a.length; d++) sum += (a[d]! - b[d]!) ** 2;
  return sum;
};

/** Index of the row with the smallest distance; of ties the first. */
export const nearest = (rows: Rows, to: ArrayLike<number>): number => {
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  for (const [i, row] of rows.entries()) {
    const distance = squaredDistance(row, to);
    if (distance < least) [best, least] = [i, distance];
  }
  return best;
};

/** Clusters numbered by first appearance; numbers below 0, which are none, stay. */
export const renumbered = (labels: readonly number[]): readonly number[] => {
  const seen = new Map<number, number>();
  return labels.map((label) => {
    if (label < 0) return label;
    if (!seen.has(label)) seen.set(label, seen.size);
    return seen.get(label)!;
  });
};
