/**
 * Holm's step-down correction (Holm 1979) of m tests of one family: the k-th smallest p times m − k + 1, never below the one before,
 * at most 1. The chance of one or more false findings stays below the level, however the tests depend on each other.
 */
export const holm = (ps: readonly number[]): number[] => {
  const adjusted = new Array<number>(ps.length).fill(1);
  let least = 0;
  for (const [k, i] of ps
    .map((_, i) => i)
    .sort((i, j) => ps[i]! - ps[j]!)
    .entries()) {
    least = Math.max(least, Math.min(1, (ps.length - k) * ps[i]!));
    adjusted[i] = least;
  }
  return adjusted;
};
