/** Leaves in blocks whose numbers fit in memory together: of as many players each, so that nothing is filled up. */
import type { Way } from "../../trees/index.ts";

/** Leaves × background rows of a block: what a row of the batch takes there, about 20 bytes each. */
export const BLOCK = 2 ** 15;

export interface NumberedWay extends Way {
  /** Among the leaves of the ensemble. */
  readonly number: number;
}

export const blocksOf = (ways: readonly NumberedWay[], background: number, most = BLOCK): readonly (readonly NumberedWay[])[] => {
  const by = new Map<number, NumberedWay[]>();
  for (const way of ways) {
    const players = way.conditions.length;
    const own = by.get(players);
    if (own === undefined) by.set(players, [way]);
    else own.push(way);
  }
  const size = Math.max(1, Math.floor(most / background));
  return [...by.entries()]
    .sort(([a], [b]) => a - b)
    .flatMap(([, own]) => Array.from({ length: Math.ceil(own.length / size) }, (_, k) => own.slice(k * size, (k + 1) * size)));
};
