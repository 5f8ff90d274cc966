/** Arrays as a model's input takes them: the shape checked, a missing batch axis added, the element type converted. */
import { dataTypeName, fail, maxOf, minOf, type Tensor, tensorType, toFloat32, type ValueInfoProto } from "@backlit/core";
import { dimsOf } from "../models/inputs.ts";

export interface FitContext {
  /** The file, for messages. */
  readonly where: string;
  /** The values pictures have in this input, where it takes pictures. */
  readonly box?: { readonly low: readonly number[]; readonly high: readonly number[] };
}

const INTEGERS = ["int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "bool"];

/** Throws BadInput, which says the shape, type and range the model takes. */
export const fitted = (tensor: Tensor, input: ValueInfoProto, context: FitContext, note: (text: string) => void): Tensor => {
  const dims = fittedDims(tensor, input, context);
  const wanted = tensorType(input.type?.tensorType?.elemType ?? 1);
  if (tensor.type === wanted) return { ...tensor, dims };
  if (wanted === "float32" && tensor.type !== "string") {
    if (tensor.type === "uint8") note(`${context.where} holds uint8: its values are taken as they are${rangeOf(context)}`);
    return { ...toFloat32(tensor), dims };
  }
  if (wanted === "int64" && INTEGERS.includes(tensor.type))
    return { type: "int64", dims, data: BigInt64Array.from(tensor.data as Int32Array, BigInt) };
  throw fail("BadInput", {
    what: `an array of ${tensor.type} does not fit input '${input.name}'`,
    where: context.where,
    why: `the model takes ${wanted}`,
    fix: `save it as ${wanted}`,
  });
};

const fittedDims = (tensor: Tensor, input: ValueInfoProto, context: FitContext): readonly number[] => {
  const shape = input.type?.tensorType?.shape && dimsOf(input);
  if (shape === undefined) return tensor.dims;
  const fits = (dims: readonly number[]) =>
    dims.length === shape.length && dims.every((n, i) => typeof shape[i] !== "number" || shape[i] === n);
  const batched = [1, ...tensor.dims];
  if (fits(tensor.dims)) return tensor.dims;
  if (fits(batched)) return batched;
  const type = dataTypeName(input.type?.tensorType?.elemType ?? 1);
  throw fail("BadInput", {
    what: `an array of shape ${tensor.dims.join("×") || "()"} does not fit input '${input.name}'`,
    where: context.where,
    why: `the model takes ${type} ${shape.map((n) => n ?? "any").join("×")}${rangeOf(context)}`,
    fix: "reshape it",
  });
};

const rangeOf = ({ box }: FitContext): string =>
  box ? `, pictures with values from ${short(minOf(box.low))} to ${short(maxOf(box.high))}` : "";
const short = (value: number): string => String(Number(value.toPrecision(4)));
