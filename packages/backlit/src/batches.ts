/** Several INPUTs in few runs: arrays of many rows are cut, equal shapes are run together. */
import type { Tensor, TensorData } from "@backlit/core";
import type { Sample } from "./samples.ts";

/** Rows run together: enough to fill the cores, few enough for memory. */
const CHUNK = 8;

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

/** `free`: the model's batch size is free, so rows may be cut and joined. */
export const batchesOf = (samples: readonly Sample[], free: boolean): readonly Batch[] => {
  if (!free) return samples.map((sample) => ({ feeds: sample.feeds, rows: [{ sample }] }));
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
    if (last?.key === key && last.pieces.length < CHUNK) last.pieces.push(piece);
    else batches.push({ key, pieces: [piece] });
  }
  return batches.map(({ pieces }) => ({ feeds: joined(pieces.map((p) => p.feeds)), rows: pieces.map((p) => p.row) }));
};

/** One row of every input, as a batch of one. */
export const rowOf = (feeds: Readonly<Record<string, Tensor>>, index: number): Record<string, Tensor> =>
  Object.fromEntries(
    Object.entries(feeds).map(([name, { type, dims, data }]) => {
      const width = data.length / dims[0]!;
      return [name, { type, dims: [1, ...dims.slice(1)], data: data.slice(index * width, (index + 1) * width) as TensorData }];
    }),
  );

const joined = (parts: readonly Readonly<Record<string, Tensor>>[]): Readonly<Record<string, Tensor>> => {
  if (parts.length === 1) return parts[0]!;
  return Object.fromEntries(Object.keys(parts[0]!).map((name) => [name, concatenate(parts.map((part) => part[name]!))]));
};

/** Along the first axis; all parts have one type and the same other sizes. */
export const concatenate = (parts: readonly Tensor[]): Tensor => {
  const { type, dims, data } = parts[0]!;
  if (parts.length === 1) return parts[0]!;
  const rows = parts.reduce((sum, part) => sum + part.dims[0]!, 0);
  const size = parts.reduce((sum, part) => sum + part.data.length, 0);
  if (!ArrayBuffer.isView(data)) return { type, dims: [rows, ...dims.slice(1)], data: parts.flatMap((p) => p.data as string[]) };
  const all = new (data.constructor as new (n: number) => Float32Array)(size);
  let at = 0;
  for (const part of parts) {
    all.set(part.data as Float32Array, at);
    at += part.data.length;
  }
  return { type, dims: [rows, ...dims.slice(1)], data: all };
};
