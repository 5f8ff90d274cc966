/** Numbers in two groups. */

/** The threshold between the two groups of least inertia (k-means of two in one dimension, exact; Otsu 1979): halfway between the last of the lower and the first of the upper. */
export const twoGroups = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const total = sorted.reduce((a, b) => a + b, 0);
  let [best, at, below] = [Number.NEGATIVE_INFINITY, 0, 0];
  for (let k = 1; k < sorted.length; k++) {
    below += sorted[k - 1]!;
    const between = below ** 2 / k + (total - below) ** 2 / (sorted.length - k);
    if (between > best) [best, at] = [between, k];
  }
  return at === 0 ? (sorted[0] ?? 0) : (sorted[at - 1]! + sorted[at]!) / 2;
};
