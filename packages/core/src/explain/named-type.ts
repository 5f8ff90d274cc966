/** Tensors whose type nobody wrote: the array says it. */
import { fail } from "../errors.ts";
import type { Tensor, TensorType } from "../tensor/tensor.ts";

const TYPES: readonly (readonly [new (length: number) => ArrayBufferView, TensorType])[] = [
  [Float32Array, "float32"],
  [Float64Array, "float64"],
  [Int8Array, "int8"],
  [Uint8Array, "uint8"],
  [Int16Array, "int16"],
  [Int32Array, "int32"],
  [BigInt64Array, "int64"],
];

/** The tensor with its type. Errors: BadInput for what is no tensor; 16-bit floats have to be named, as their array is that of uint16. */
export const withType = (tensor: Partial<Tensor>, where: string): Tensor => {
  const { type, dims, data } = tensor ?? {};
  const found = type ?? TYPES.find(([array]) => data instanceof array)?.[1];
  if (found === undefined || !Array.isArray(dims) || data === undefined)
    throw fail("BadInput", {
      what: "no tensor",
      where,
      fix: 'give { type, dims, data }, as in { type: "float32", dims: [1, 3, 224, 224], data: new Float32Array(…) }',
    });
  return type === undefined ? ({ ...tensor, type: found } as Tensor) : (tensor as Tensor);
};
