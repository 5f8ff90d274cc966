/** Places of maps in the plane by uniform manifold approximation (UMAP; McInnes et al. 2018), the same for the same seed. */
import { randomBy } from "@backlit/core";
import { UMAP } from "umap-js";

type Place = readonly [number, number];

/** `rows`: at least three. `neighbours`: default 15, at most all others. */
export const umapPlaces = (
  rows: readonly ArrayLike<number>[],
  { neighbours = 15, seed = 0 }: { readonly neighbours?: number | undefined; readonly seed?: number | undefined },
): readonly Place[] => {
  const stream = randomBy(seed).stream(0);
  const umap = new UMAP({ nComponents: 2, nNeighbors: Math.min(neighbours, rows.length - 1), random: () => stream.next() });
  return umap.fit(rows.map((row) => Array.from(row))).map(([x, y]): Place => [x!, y!]);
};
