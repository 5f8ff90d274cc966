/** Density-based clusters (Ester et al. 1996). */
import { type Rows, squaredDistance } from "./rows.ts";

export interface DbscanOptions {
  readonly eps: number;
  /** Rows within eps, itself included, that make a row a core; default 5. */
  readonly minSamples?: number;
}

/** By row: its cluster, numbered in the order of its first core; −1 is noise. A border row goes with the cluster that reaches it first. */
export const dbscan = (rows: Rows, { eps, minSamples = 5 }: DbscanOptions): readonly number[] => {
  const near = rows.map((row) => rows.flatMap((other, j) => (squaredDistance(row, other) <= eps * eps ? [j] : [])));
  const core = near.map((list) => list.length >= minSamples);
  const labels = rows.map(() => -1);
  let clusters = 0;
  for (const first of rows.keys()) {
    if (!core[first] || labels[first] !== -1) continue;
    const label = clusters++;
    const open = [first];
    labels[first] = label;
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      if (!core[at]) continue;
      for (const other of near[at]!)
        if (labels[other] === -1) {
          labels[other] = label;
          open.push(other);
        }
    }
  }
  return labels;
};
