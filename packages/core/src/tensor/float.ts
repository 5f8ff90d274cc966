/** Float32 arrays whose first axis counts samples. */
import type { Tensor } from "./tensor.ts";

export interface FloatTensor extends Tensor {
  readonly type: "float32";
  readonly data: Float32Array;
}

/** A tensor of zeros in the shape of another. */
export const zerosLike = ({ dims, data }: FloatTensor): FloatTensor => ({
  type: "float32",
  dims,
  data: new Float32Array(data.length),
});

/** Number of values of one sample. */
export const widthOf = ({ dims }: Pick<Tensor, "dims">): number => dims.slice(1).reduce((a, b) => a * b, 1);

/** A view on sample n. */
export const sampleOf = (x: FloatTensor, n: number): Float32Array => x.data.subarray(n * widthOf(x), (n + 1) * widthOf(x));
