/** Channel scores as a run gives them, in plain arrays. */
import { CHANNEL_COLUMNS, POSITION_COLUMNS } from "../emit/index.ts";
import type { Tensor } from "../tensor/tensor.ts";

export interface ChannelStatistics {
  /** Σ over positions. */
  readonly sum: Float32Array;
  readonly max: Float32Array;
  /** Of the maximum: flat and row-major over all axes but those of samples and channels; of ties the first. */
  readonly position: Int32Array;
}

/** Of the channels of one value; arrays are row-major in `dims`. */
export interface ChannelTable {
  /** [N, C], or [N, K, C] with several classes. */
  readonly dims: readonly number[];
  readonly relevance: ChannelStatistics;
  readonly activation: ChannelStatistics;
}

export const channelTable = (scores: Tensor, positions: Tensor): ChannelTable => {
  const dims = scores.dims.slice(0, -1);
  const count = dims.reduce((a, b) => a * b, 1);
  const column = (name: (typeof CHANNEL_COLUMNS)[number]) => {
    const [at, width] = [CHANNEL_COLUMNS.indexOf(name), CHANNEL_COLUMNS.length];
    return Float32Array.from({ length: count }, (_, i) => (scores.data as Float32Array)[i * width + at]!);
  };
  const places = (name: (typeof POSITION_COLUMNS)[number]) => {
    const [at, width] = [POSITION_COLUMNS.indexOf(name), POSITION_COLUMNS.length];
    return Int32Array.from({ length: count }, (_, i) => Number((positions.data as BigInt64Array)[i * width + at]!));
  };
  return {
    dims,
    relevance: { sum: column("relevance sum"), max: column("relevance max"), position: places("relevance") },
    activation: { sum: column("activation sum"), max: column("activation max"), position: places("activation") },
  };
};
