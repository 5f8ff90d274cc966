/** Where partial dependence is asked for: all values of a feature that has few or no order, else steps between two quantiles. */
import { type Cell, isOrdered, levelsOf } from "./table.ts";

export interface DependenceGrid {
  /** Steps; a feature with fewer values has those. Default 50. */
  readonly steps?: number;
  /** The quantiles between which they lie; default 0.05 and 0.95. */
  readonly between?: readonly [number, number];
}

/** [points][columns of the feature], in order. `cells`: of all rows. */
export const gridOf = (
  cells: readonly (readonly Cell[] | undefined)[],
  { steps = 50, between = [0.05, 0.95] }: DependenceGrid = {},
): readonly (readonly Cell[])[] => {
  const levels = levelsOf(cells);
  if (!isOrdered(cells) || levels.length < steps) return levels;
  const sorted = cells.flatMap((own) => (own === undefined ? [] : [own[0] as number])).sort((a, b) => a - b);
  const [low, high] = between.map((share) => unbiasedQuantile(sorted, share)) as [number, number];
  // A column that is the same nearly everywhere has its whole range.
  const [from, to] = high > low ? [low, high] : [sorted[0]!, sorted.at(-1)!];
  return Array.from({ length: steps }, (_, k) => [from + ((to - from) * k) / (steps - 1)]);
};

/** Cunnane's quantile (plotting positions (k − 0.4)/(n + 0.2)), nearly unbiased whatever the distribution: what scikit-learn's grids have. */
const unbiasedQuantile = (sorted: readonly number[], share: number): number => {
  const n = sorted.length;
  const place = n * share + 0.4 + 0.2 * share;
  const below = Math.min(n - 1, Math.max(1, Math.floor(place)));
  const part = Math.min(1, Math.max(0, place - below));
  return (1 - part) * sorted[below - 1]! + part * (sorted[below] ?? sorted[below - 1]!);
};
