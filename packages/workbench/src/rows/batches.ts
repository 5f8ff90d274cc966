/** Several INPUTs in few runs: arrays of many rows are cut, equal shapes are run together. */

import type { Tensor } from "@backlit/core";
import { joined, rowOf } from "../samples/feeds.ts";
import type { Sample } from "../samples/sample.ts";

export interface Batch {
  readonly feeds: Readonly<Record<string, Tensor>>;
  /** For every row the INPUT it comes from; one entry for a batch that cannot be cut. */
  readonly rows: readonly Row[];
}

export interface Row {
  readonly sample: Sample;
  /** Position in its file, where that holds several rows. */
  readonly index?: number;
}

/** `together`: rows of a batch; undefined where the model's batch size is fixed, so that rows can be neither cut nor joined. */
export const batchesOf = (samples: readonly Sample[], together: number | undefined): readonly Batch[] => {
  if (together === undefined) return samples.map((sample) => ({ feeds: sample.feeds, rows: [{ sample }] }));
  const pieces = samples.flatMap((sample) => {
    const count = Object.values(sample.feeds)[0]?.dims[0] ?? 1;
    const alone = count === 1 || Object.values(sample.feeds).some(({ dims }) => dims[0] !== count);
    if (alone) return [{ feeds: sample.feeds, row: { sample } as Row }];
    return Array.from({ length: count }, (_, index) => ({ feeds: rowOf(sample.feeds, index), row: { sample, index } }));
  });
  const batches: { key: string; pieces: typeof pieces }[] = [];
  for (const piece of pieces) {
    const key = Object.entries(piece.feeds)
      .map(([name, { type, dims }]) => `${name}:${type}:${dims}`)
      .join();
    const last = batches.at(-1);
    if (last?.key === key && last.pieces.length < together) last.pieces.push(piece);
    else batches.push({ key, pieces: [piece] });
  }
  return batches.map(({ pieces }) => ({ feeds: joined(pieces.map((p) => p.feeds)), rows: pieces.map((p) => p.row) }));
};
