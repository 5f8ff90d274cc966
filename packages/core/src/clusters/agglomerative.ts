/** Agglomerative clustering by chains of nearest neighbours (Murtagh 1983), distances by Lance and Williams' formulas. */
import { fail } from "../errors.ts";
import { distancesOf } from "./affinity.ts";
import { type Rows, renumbered } from "./rows.ts";

const LINKAGES = ["ward", "average", "complete", "single"] as const;
export type Linkage = (typeof LINKAGES)[number];

interface Merge {
  readonly into: number;
  readonly from: number;
  readonly height: number;
}

/** By row, numbered by first appearance. Errors: BadInput for more clusters than rows; BadRecipe. */
export const agglomerative = (rows: Rows, clusters: number, linkage: Linkage = "ward"): readonly number[] => {
  const n = rows.length;
  if (!Number.isInteger(clusters) || clusters < 1 || clusters > n)
    throw fail("BadInput", { what: `${clusters} clusters of ${n} rows`, fix: "give a whole number from 1 to that of the rows" });
  if (!LINKAGES.includes(linkage)) throw fail("BadRecipe", { what: `linkage '${linkage}'`, fix: LINKAGES.join(", ") });
  const merges = [...mergesOf(rows, linkage)].sort((a, b) => a.height - b.height).slice(0, n - clusters);
  const parent = rows.map((_, i) => i);
  const rootOf = (i: number): number => {
    let at = i;
    while (parent[at] !== at) at = parent[at]!;
    return at;
  };
  for (const { into, from } of merges) parent[rootOf(from)] = rootOf(into);
  return renumbered(rows.map((_, i) => rootOf(i)));
};

/** All n − 1 of them; a cluster goes by the number of one of its rows. */
const mergesOf = (rows: Rows, linkage: Linkage): readonly Merge[] => {
  const n = rows.length;
  const distances = distancesOf(rows);
  if (linkage === "ward") for (let i = 0; i < distances.length; i++) distances[i]! **= 2;
  const sizes = rows.map(() => 1);
  const alive = new Set(rows.keys());
  const merges: Merge[] = [];
  const chain: number[] = [];
  while (alive.size > 1) {
    if (chain.length === 0) chain.push([...alive][0]!);
    const last = chain.at(-1)!;
    const before = chain.at(-2);
    // Of ties the one it came from: the chain ends.
    let next = before ?? -1;
    let least = before === undefined ? Number.POSITIVE_INFINITY : distances[last * n + before]!;
    for (const other of alive)
      if (other !== last && distances[last * n + other]! < least) [next, least] = [other, distances[last * n + other]!];
    if (next !== before) {
      chain.push(next);
      continue;
    }
    chain.length -= 2;
    merges.push({ into: next, from: last, height: least });
    for (const other of alive) {
      if (other === next || other === last) continue;
      const updated = joined(linkage, {
        a: distances[next * n + other]!,
        b: distances[last * n + other]!,
        ab: least,
        sizes: [sizes[next]!, sizes[last]!, sizes[other]!],
      });
      distances[next * n + other] = updated;
      distances[other * n + next] = updated;
    }
    sizes[next]! += sizes[last]!;
    alive.delete(last);
  }
  return merges;
};

interface Joining {
  readonly a: number;
  readonly b: number;
  readonly ab: number;
  readonly sizes: readonly [number, number, number];
}

/** The distance of a third cluster to two that are joined; Ward's of squares. */
const joined = (linkage: Linkage, { a, b, ab, sizes: [p, q, r] }: Joining): number => {
  switch (linkage) {
    case "ward":
      return ((p + r) * a + (q + r) * b - r * ab) / (p + q + r);
    case "average":
      return (p * a + q * b) / (p + q);
    case "complete":
      return Math.max(a, b);
    case "single":
      return Math.min(a, b);
  }
};
