/** What channels are ranked by: one number for each sample and channel. */
import type { ChannelTable } from "../explain/index.ts";

/** Relevance maximisation (Achtibat et al. 2023) ranks by relevance, activation maximisation by the value itself. */
export const MODES = ["relevance", "activation"] as const;
export type Mode = (typeof MODES)[number];
/** Over positions. */
export const STATISTICS = ["sum", "max"] as const;
export type Statistic = (typeof STATISTICS)[number];

export interface Scoring {
  readonly statistic: Statistic;
  /** Relevance as a share of the layer's, of each sample: R_c / (1e-10 + Σ_c |R_c|). Activations are ranked as they are. */
  readonly share: boolean;
}

export interface Scored {
  readonly channels: number;
  /** [N, C] */
  readonly values: Float64Array;
  /** Where the largest entry is, [N, C]. */
  readonly positions: Int32Array;
}

/** `table`: of one class a sample. */
export const scoredBy = (table: ChannelTable, mode: Mode, { statistic, share }: Scoring): Scored => {
  const channels = table.dims.at(-1)!;
  const { [statistic]: values, position } = table[mode];
  return {
    channels,
    values: share && mode === "relevance" ? shares(values, channels) : Float64Array.from(values),
    positions: position,
  };
};

/** Rows divided by (1e-10 + the sum of their absolute values). */
export const shares = (values: ArrayLike<number>, width: number): Float64Array => {
  const out = Float64Array.from(values);
  for (let from = 0; from < out.length; from += width) {
    const row = out.subarray(from, from + width);
    const size = 1e-10 + row.reduce((sum, v) => sum + Math.abs(v), 0);
    for (let c = 0; c < width; c++) row[c]! /= size;
  }
  return out;
};
