/** Leaves in blocks whose numbers fit in memory together: of as many players each, so that nothing is filled up. */
import type { Way } from "../../trees/index.ts";

/** Leaves × background rows of a block: what a row of the batch takes there, about 20 bytes each. */
const BLOCK = 2 ** 15;
/** More blocks than about that many make runtimes slow to load: their time goes with the square of the number of nodes. */
const BLOCKS = 24;
/** While a piece of the batch runs. */
const BYTES = 2 ** 28;

/** Leaves × background rows that go through together. */
export const blockSize = (leaves: number, background: number): number =>
  Math.max(BLOCK, Math.ceil((leaves * background) / BLOCKS));

/** Rows of a batch that are best explained together. */
export const rowsTogether = (leaves: number, background: number): number => {
  const pairs = Math.min(leaves * background, blockSize(leaves, background));
  return Math.min(4096, Math.max(1, Math.floor(BYTES / (20 * pairs))));
};

export interface NumberedWay extends Way {
  /** Among the leaves of the ensemble. */
  readonly number: number;
}

export const blocksOf = (ways: readonly NumberedWay[], background: number, most: number): readonly (readonly NumberedWay[])[] => {
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
