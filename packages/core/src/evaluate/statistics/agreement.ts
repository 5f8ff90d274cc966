/** Do the metrics agree? Kendall's τ-b between every two primary tables. */
import type { ScoreTable } from "../result.ts";
import { meanOf } from "./column.ts";
import { kendallInterval, type Ranked } from "./kendall.ts";
import type { Draws, Side } from "./pairs.ts";
import type { Agreement } from "./summary.ts";

/**
 * `sides`: the methods of each table, without random maps: that all metrics put those last is no agreement about methods. Scores are
 * turned so that more is better: τ is 1 where two metrics rank alike, whichever way each points. Tables without a direction, and those
 * where all methods tie, agree with nothing.
 */
export const agreementOf = (
  tables: readonly (Pick<ScoreTable, "direction" | "primary"> & { readonly sides: readonly Side[] })[],
  { confidence, resampling }: Draws,
): readonly Agreement[] => {
  const ranked = tables.flatMap(({ direction, primary, sides }, table): readonly (Ranked & { readonly table: number })[] => {
    if (!primary || direction === undefined) return [];
    const sign = direction === "higher" ? 1 : -1;
    const observed = sides.map(({ column }) => sign * meanOf(column));
    const resampled = sides.map(({ column }) => resampling.means(column).map((mean) => sign * mean));
    return [{ table, observed, resampled }];
  });
  return ranked
    .flatMap((a, i) => ranked.slice(i + 1).map((b) => ({ a: a.table, b: b.table, ...kendallInterval(a, b, confidence) })))
    .filter(({ tau }) => !Number.isNaN(tau));
};
