/** Mean, mean square and variance of many maps of a batch, map by map, in float64. */
import type { FloatTensor } from "../../tensor/float.ts";

export interface Moments {
  /** Adds values from `offset` on: one sample's map, or a batch of them. */
  add(values: Float32Array, offset?: number): void;
  mean(): FloatTensor;
  meanSquare(): FloatTensor;
  /** With the denominator n, as in the mean of squared distances to the mean. */
  variance(): FloatTensor;
  /** Standard error of the mean, of n independent maps. */
  standardError(): FloatTensor;
}

/** `count`: how many maps each sample gets. */
export const momentsOf = ({ dims, data }: Pick<FloatTensor, "dims" | "data">, count: number): Moments => {
  const sum = new Float64Array(data.length);
  const squares = new Float64Array(data.length);
  const map = (value: (i: number) => number): FloatTensor => ({
    type: "float32",
    dims,
    data: Float32Array.from(sum, (_, i) => value(i)),
  });
  const variance = (i: number) => Math.max(0, squares[i]! / count - (sum[i]! / count) ** 2);
  return {
    add: (values, offset = 0) => {
      for (let i = 0; i < values.length; i++) {
        sum[offset + i]! += values[i]!;
        squares[offset + i]! += values[i]! ** 2;
      }
    },
    mean: () => map((i) => sum[i]! / count),
    meanSquare: () => map((i) => squares[i]! / count),
    variance: () => map(variance),
    standardError: () => map((i) => Math.sqrt(variance(i) / Math.max(1, count - 1))),
  };
};
