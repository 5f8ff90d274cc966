/** The element types of TensorProto: their names, sizes and typed arrays. */
import { fail } from "../errors.ts";
import type { TensorData, TensorType } from "../tensor/tensor.ts";
import { DataType } from "./proto.ts";

const NAMES: Readonly<Record<TensorType, number>> = {
  float32: DataType.FLOAT,
  float64: DataType.DOUBLE,
  float16: DataType.FLOAT16,
  int8: DataType.INT8,
  uint8: DataType.UINT8,
  int16: DataType.INT16,
  uint16: DataType.UINT16,
  int32: DataType.INT32,
  uint32: DataType.UINT32,
  int64: DataType.INT64,
  uint64: DataType.UINT64,
  bool: DataType.BOOL,
  string: DataType.STRING,
};
const TYPES = new Map(Object.entries(NAMES).map(([name, type]) => [type, name as TensorType]));

const BITS: Readonly<Record<number, number>> = {
  ...{ [DataType.UINT4]: 4, [DataType.INT4]: 4, [DataType.FLOAT4E2M1]: 4 },
  ...{ [DataType.UINT8]: 8, [DataType.INT8]: 8, [DataType.BOOL]: 8 },
  ...{ [DataType.FLOAT8E4M3FN]: 8, [DataType.FLOAT8E4M3FNUZ]: 8, [DataType.FLOAT8E5M2]: 8, [DataType.FLOAT8E5M2FNUZ]: 8 },
  ...{ [DataType.UINT16]: 16, [DataType.INT16]: 16, [DataType.FLOAT16]: 16, [DataType.BFLOAT16]: 16 },
  ...{ [DataType.UINT32]: 32, [DataType.INT32]: 32, [DataType.FLOAT]: 32 },
  ...{ [DataType.UINT64]: 64, [DataType.INT64]: 64, [DataType.DOUBLE]: 64, [DataType.COMPLEX64]: 64, [DataType.COMPLEX128]: 128 },
};

export type Numbers = Exclude<TensorData, readonly string[]>;

const ARRAYS = {
  float32: Float32Array,
  float64: Float64Array,
  float16: Uint16Array,
  int8: Int8Array,
  uint8: Uint8Array,
  int16: Int16Array,
  uint16: Uint16Array,
  int32: Int32Array,
  uint32: Uint32Array,
  int64: BigInt64Array,
  uint64: BigUint64Array,
  bool: Uint8Array,
} as const;

/** ONNX's name of a DataType, lower case (`float`, `int64`, `bfloat16`), or its number. */
export const dataTypeName = (dataType: number): string =>
  Object.entries(DataType)
    .find(([, value]) => value === dataType)?.[0]
    .toLowerCase() ?? String(dataType);

/** @throws Unsupported for bfloat16, float8, the 4-bit types and complex numbers, which no runtime tensor holds */
export const tensorType = (dataType: number): TensorType => {
  const type = TYPES.get(dataType);
  if (type === undefined) throw unsupported(dataType);
  return type;
};

/** The DataType of a tensor type. */
export const dataTypeOf = (type: TensorType): number => NAMES[type];

/** dims[0]·dims[1]·…, 1 for a scalar. @throws BadModel for a negative dimension or a product that is no safe integer */
export const elementCount = (dims: readonly number[], name?: string): number => {
  const count = dims.includes(0) ? 0 : dims.reduce((product, dim) => product * dim, 1);
  if (dims.some((dim) => !Number.isSafeInteger(dim) || dim < 0) || !Number.isSafeInteger(count)) {
    throw fail("BadModel", {
      what: "impossible dimensions",
      where: [name && `"${name}"`, `[${dims}]`].filter(Boolean).join(" "),
      why: "no tensor has this size",
    });
  }
  return count;
};

/** Bytes of the raw data; 4-bit elements lie two to a byte. @throws BadModel for impossible dims, Unsupported for strings */
export const tensorByteLength = (dims: readonly number[], dataType: number, name?: string): number => {
  const bits = BITS[dataType];
  if (bits === undefined) throw unsupported(dataType);
  return Math.ceil((elementCount(dims, name) * bits) / 8);
};

/** Little-endian bytes as the type's array: a view where they are aligned, else a copy. */
export const typedArray = (bytes: Uint8Array, type: Exclude<TensorType, "string">): Numbers => {
  const Elements = ARRAYS[type];
  const size = Elements.BYTES_PER_ELEMENT;
  const from = bytes.byteOffset % size === 0 ? bytes : new Uint8Array(bytes);
  return new Elements(from.buffer as ArrayBuffer, from.byteOffset, bytes.length / size);
};

/** Numbers as the type's array (bool: 0 or 1), wrapping those that do not fit; an array that already is one stays itself. */
export const arrayOf = (values: ArrayLike<number | bigint>, type: Exclude<TensorType, "string">): Numbers => {
  const Elements = ARRAYS[type];
  if (values instanceof Elements && type !== "bool") return values as Numbers;
  const array: Numbers = new Elements(values.length);
  const convert = type === "bool" ? Boolean : array instanceof BigInt64Array || array instanceof BigUint64Array ? BigInt : Number;
  for (let i = 0; i < values.length; i++) array[i] = convert(values[i]) as never;
  return array;
};

export const unsupported = (dataType: number) =>
  fail("Unsupported", { what: `element type ${dataTypeName(dataType)}`, why: "no tensor of this type can be read here" });
