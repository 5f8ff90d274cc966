/** TensorProto to plain tensors and back: whatever field holds the data, the result is a typed array of the right length. */
import { fail } from "../errors.ts";
import { bfloatToFloat, halfToFloat } from "../tensor/half.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { type ExternalData, isExternal, readExternal } from "./external.ts";
import { DataType, type TensorProto } from "./proto.ts";
import {
  arrayOf,
  dataTypeName,
  dataTypeOf,
  elementCount,
  tensorByteLength,
  tensorType,
  typedArray,
  unsupported,
} from "./types.ts";

/**
 * A view on the file where alignment allows, else a copy. bfloat16, which has no tensor type, is widened to float32.
 * @throws BadModel when dims, type and data disagree, BadFile for external data, Unsupported for exotic types
 */
export const readTensor = (tensor: TensorProto, external?: ExternalData): Tensor => {
  const { dims, dataType } = tensor;
  if (dataType === DataType.BFLOAT16)
    return { type: "float32", dims, data: Float32Array.from(words(tensor, external), bfloatToFloat) };
  const type = tensorType(dataType);
  if (type === "string") return { type, dims, data: counted(tensor, tensor.stringData ?? []).map(utf8) };
  const raw = rawBytes(tensor, external);
  return { type, dims, data: raw ? typedArray(raw, type) : arrayOf(counted(tensor, numbers(tensor)), type) };
};

/** float32 and float64 as they are, float16 and bfloat16 as float32, integers and bool as float64. @throws as readTensor */
export const readFloats = (tensor: TensorProto, external?: ExternalData): Float32Array | Float64Array => {
  const { type, data } = readTensor(tensor, external);
  if (data instanceof Float32Array || data instanceof Float64Array) return data;
  if (type === "float16") return Float32Array.from(data as Uint16Array, halfToFloat);
  if (type === "string") throw unsupported(tensor.dataType);
  return Float64Array.from(data as ArrayLike<number | bigint> as ArrayLike<number>, Number);
};

/**
 * Integers and bool as numbers. Values beyond ±Number.MAX_SAFE_INTEGER (ONNX uses INT64_MAX for "to the end") are clamped to it.
 * @throws as readTensor, and BadModel for any other type
 */
export const readInts = (tensor: TensorProto, external?: ExternalData): number[] => {
  const { data } = readTensor(tensor, external);
  if (!(ArrayBuffer.isView(data) && INTEGERS.has(tensor.dataType))) {
    throw bad(tensor, `${dataTypeName(tensor.dataType)} stands where integers belong`);
  }
  return Array.from(data as ArrayLike<number | bigint>, clampInt);
};

/** The safe integer nearest to an int64. */
export const clampInt = (value: number | bigint): number =>
  Math.min(Math.max(Number(value), Number.MIN_SAFE_INTEGER), Number.MAX_SAFE_INTEGER);

/** float32 */
export const floatTensor = (name: string, dims: readonly number[], data: ArrayLike<number>): TensorProto =>
  makeTensor(name, { type: "float32", dims, data: data instanceof Float32Array ? data : Float32Array.from(data) });

/** int64 */
export const intTensor = (name: string, dims: readonly number[], data: readonly number[]): TensorProto =>
  makeTensor(name, { type: "int64", dims, data: BigInt64Array.from(data, BigInt) });

/** A bool initializer of these values. @throws BadModel when dims and data disagree */
export const boolTensor = (name: string, dims: readonly number[], data: readonly (boolean | number)[]): TensorProto =>
  makeTensor(name, { type: "bool", dims, data: Uint8Array.from(data, (value) => (value ? 1 : 0)) });

/** Numbers are referenced, not copied. @throws BadModel when dims and data disagree */
export const makeTensor = (name: string, { type, dims, data }: Tensor): TensorProto => {
  const tensor = { name, dims, dataType: dataTypeOf(type) };
  if (!ArrayBuffer.isView(data)) {
    const encoder = new TextEncoder();
    return { ...tensor, stringData: counted(tensor, data).map((text) => encoder.encode(text)) };
  }
  return { ...tensor, rawData: sized(tensor, new Uint8Array(data.buffer, data.byteOffset, data.byteLength)) };
};

const INTEGERS = new Set<number>(
  (["int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64", "bool"] as const).map(dataTypeOf),
);

const rawBytes = (tensor: TensorProto, external?: ExternalData): Uint8Array | undefined => {
  if (isExternal(tensor)) return readExternal(tensor, external);
  return tensor.rawData && sized(tensor, tensor.rawData);
};

/** 16-bit patterns. */
const words = (tensor: TensorProto, external?: ExternalData): Uint16Array => {
  const raw = rawBytes(tensor, external);
  return (raw ? typedArray(raw, "uint16") : arrayOf(counted(tensor, numbers(tensor)), "uint16")) as Uint16Array;
};

/** The field that onnx.proto assigns to the type: small types share int32_data, uint32 lies in uint64_data. */
const numbers = (tensor: TensorProto): ArrayLike<number | bigint> => {
  const { dataType, floatData, doubleData, int32Data, int64Data, uint64Data } = tensor;
  if (dataType === DataType.FLOAT) return floatData ?? [];
  if (dataType === DataType.DOUBLE) return doubleData ?? [];
  if (dataType === DataType.INT64) return int64Data ?? [];
  if (dataType === DataType.UINT32 || dataType === DataType.UINT64) return uint64Data ?? [];
  return int32Data ?? [];
};

const counted = <A extends ArrayLike<unknown>>(tensor: TensorProto, values: A): A => {
  const expected = elementCount(tensor.dims, tensor.name);
  if (values.length !== expected) throw bad(tensor, `${values.length} elements are given where ${expected} belong`);
  return values;
};

const sized = (tensor: TensorProto, raw: Uint8Array): Uint8Array => {
  const expected = tensorByteLength(tensor.dims, tensor.dataType, tensor.name);
  if (raw.length !== expected) throw bad(tensor, `${raw.length} bytes are given where ${expected} belong`);
  return raw;
};

const decoder = new TextDecoder();
const utf8 = (bytes: Uint8Array): string => decoder.decode(bytes);

const bad = ({ name, dims, dataType }: TensorProto, why: string) =>
  fail("BadModel", { what: "a tensor is broken", where: `"${name}" ${dataTypeName(dataType)}[${dims}]`, why });
