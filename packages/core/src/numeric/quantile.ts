/** Quantiles of a sorted list. */

/** Between the two values at that share of a sorted list. */
export const quantileOf = (sorted: ArrayLike<number>, share: number): number => {
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  return sorted[below]! + (place - below) * ((sorted[below + 1] ?? sorted[below]!) - sorted[below]!);
};
