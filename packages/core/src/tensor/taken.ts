import type { Tensor } from "./tensor.ts";

/** The slices of a tensor at `indices` along an axis, in that order; an index may come several times. */
export const taken = <T extends Tensor>(tensor: T, axis: number, indices: readonly number[]): T => {
  const count = tensor.dims[axis]!;
  const inner = tensor.dims.slice(axis + 1).reduce((a, b) => a * b, 1);
  const outer = tensor.data.length / (count * inner);
  const source = tensor.data as Float32Array;
  const data = new (source.constructor as Float32ArrayConstructor)(outer * indices.length * inner);
  for (let o = 0; o < outer; o++)
    for (const [i, k] of indices.entries())
      data.set(source.subarray((o * count + k) * inner, (o * count + k + 1) * inner), (o * indices.length + i) * inner);
  return { ...tensor, dims: tensor.dims.map((size, i) => (i === axis ? indices.length : size)), data } as T;
};
