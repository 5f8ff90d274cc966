import { limitOf } from "./pieces.ts";

/**
 * A series and its relevance, reduced for drawing: positions are put into as many buckets as there are columns; a bucket keeps its
 * least and its greatest value in their order (so that peaks stay), and the sum of its relevance (so that nothing is lost).
 */
export interface Series {
  /** What the model saw; absent when it is not known. */
  readonly values?: Float32Array;
  readonly relevance: Float32Array;
}

export interface Bucket {
  /** Positions [start, end). */
  readonly start: number;
  readonly end: number;
  /** One or two points of the line: position and value. */
  readonly points: readonly (readonly [position: number, value: number])[];
  /** Σ R. */
  readonly relevance: number;
}

/** A series in at most `columns` buckets, of equal length up to 1; none for an empty series. */
export const bucketsOf = ({ values, relevance }: Series, columns: number): readonly Bucket[] => {
  const length = relevance.length;
  const count = Math.max(1, Math.min(length, Math.floor(columns)));
  return Array.from({ length: length === 0 ? 0 : count }, (_, i) => {
    const [start, end] = [Math.floor((i * length) / count), Math.floor(((i + 1) * length) / count)];
    let [low, high] = [start, start];
    let sum = 0;
    for (let at = start; at < end; at++) {
      sum += relevance[at]!;
      if (values && values[at]! < values[low]!) low = at;
      if (values && values[at]! > values[high]!) high = at;
    }
    const ends = low === high ? [low] : [Math.min(low, high), Math.max(low, high)];
    return { start, end, points: ends.map((at) => [at, values?.[at] ?? 0] as const), relevance: sum };
  });
};

/** Channels of [C, L], or of [L]. Error: none; other shapes have no channels. */
export const channelsOf = (dims: readonly number[], data: Float32Array): readonly Float32Array[] => {
  if (dims.length === 1) return [data];
  if (dims.length !== 2) return [];
  const [a, b] = dims as [number, number];
  return Array.from({ length: a }, (_, c) => data.subarray(c * b, (c + 1) * b));
};

/** Columns of a drawing; longer series are reduced to them. */
export const COLUMNS = 430;

/** Of each channel. */
export const columnsOf = (channels: readonly Series[], columns = COLUMNS): readonly (readonly Bucket[])[] =>
  channels.map((channel) => bucketsOf(channel, columns));

/** The largest |Σ R| of a column. */
export const limitIn = (columns: readonly (readonly Bucket[])[]): number =>
  limitOf(columns.flat().map(({ relevance }) => relevance));

/** Where the colours end: the largest |Σ R| of a column of the drawing. */
export const seriesLimit = (channels: readonly Series[]): number => limitIn(columnsOf(channels));

/** Σ R of every step over the channels. */
export const stepSums = (channels: readonly Series[]): Float32Array => {
  const sums = new Float32Array(channels[0]?.relevance.length ?? 0);
  for (const { relevance } of channels) for (let t = 0; t < sums.length; t++) sums[t]! += relevance[t]!;
  return sums;
};
