/** Relevance of a value by channel. */
import type { FloatTensor } from "@backlit/core";

/** Of one sample, Σ over positions. Convolutions have channels first; tokens have theirs last. */
export const channelSums = ({ dims, data }: FloatTensor): Float64Array => {
  const spatial = dims.length >= 3;
  const count = (spatial ? dims[0] : dims.at(-1)) ?? 1;
  const positions = data.length / count;
  const sums = new Float64Array(count);
  data.forEach((value, i) => {
    sums[spatial ? Math.floor(i / positions) : i % count]! += value;
  });
  return sums;
};
