/** The number that each map explains: the value of an output at the target's index. */
import { flatIndex } from "../oracle/score.ts";
import type { Tensor } from "../tensor/tensor.ts";

/**
 * By map, samples first.
 *
 * @param values [N, …]
 * @param targets the classes of each sample, one or several, an index for each axis
 */
export const explainedValues = ({ dims, data }: Tensor, targets: readonly (readonly number[])[]): readonly number[] => {
  const [samples = 1, ...sizes] = dims;
  const width = data.length / samples;
  const axes = Math.max(1, sizes.filter((n) => n !== 1).length);
  return targets.flatMap((row, n) =>
    Array.from({ length: row.length / axes }, (_, k) =>
      Number(data[n * width + flatIndex(row.slice(k * axes, (k + 1) * axes), sizes)]),
    ),
  );
};
