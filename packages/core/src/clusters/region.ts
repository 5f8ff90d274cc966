/** Where some maps have relevance that others have not. */
import type { Rows } from "./rows.ts";

/** Plain data. */
export interface CommonRegion {
  /** Cells of a map, ascending. */
  readonly cells: readonly number[];
  /** Mean share of Σ|R| in them: of the maps asked about, and of the others. */
  readonly own: number;
  readonly others: number;
}

const LEAST = 0.5;

/** The cells in which the mean share of |R| is above that of the other maps by at least half as much as where it is most. Empty where it is nowhere. */
export const commonRegion = (own: Rows, others: Rows): CommonRegion => {
  const [mine, theirs] = [meanShare(own), meanShare(others)];
  const more = mine.map((v, i) => v - (theirs[i] ?? 0));
  const most = more.reduce((a, b) => Math.max(a, b), 0);
  const cells = Array.from(more.keys()).filter((i) => most > 0 && more[i]! >= LEAST * most);
  const within = (share: Float64Array) => cells.reduce((sum, i) => sum + (share[i] ?? 0), 0);
  return { cells, own: within(mine), others: within(theirs) };
};

/** Mean of |R| / Σ|R| by cell. */
const meanShare = (rows: Rows): Float64Array => {
  const sum = new Float64Array(rows[0]?.length ?? 0);
  for (const row of rows) {
    const size = Array.from(row).reduce((a, b) => a + Math.abs(b), 0) || 1;
    for (let i = 0; i < sum.length; i++) sum[i]! += Math.abs(row[i]!) / size / rows.length;
  }
  return sum;
};

/** Share of Σ|R| of each map that lies in some cells. */
export const shareWithin = (rows: Rows, cells: readonly number[]): readonly number[] =>
  rows.map((row) => {
    const size = Array.from(row).reduce((a, b) => a + Math.abs(b), 0) || 1;
    return cells.reduce((sum, i) => sum + Math.abs(row[i]!), 0) / size;
  });
