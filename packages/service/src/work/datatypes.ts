/** Types of tensors in the words of the Open Inference Protocol. */
import { DataType, fail, floatToHalf, type Tensor, type TensorType, tensorType, toFloat32 } from "@backlit/core";

export const DATATYPES: Readonly<Record<string, TensorType>> = {
  BOOL: "bool",
  UINT8: "uint8",
  UINT16: "uint16",
  UINT32: "uint32",
  UINT64: "uint64",
  INT8: "int8",
  INT16: "int16",
  INT32: "int32",
  INT64: "int64",
  FP16: "float16",
  FP32: "float32",
  FP64: "float64",
  BYTES: "string",
};

const NAMES = new Map(Object.entries(DATATYPES).map(([name, type]) => [type, name]));

export const datatypeOf = (type: TensorType): string => NAMES.get(type)!;

/** Of an ONNX element type; what the protocol has no word for is handed out in float32. */
export const datatypeOfElement = (element: number): string =>
  element === DataType.BFLOAT16 ? "FP32" : datatypeOf(tensorType(element));

type Numbers = Exclude<Tensor["data"], readonly string[]>;
type Maker = (values: ArrayLike<number | bigint | boolean>) => Numbers;

const whole = (value: number | bigint | boolean): bigint => {
  if (typeof value === "number" && !Number.isInteger(value)) throw notWhole(value);
  return BigInt(value);
};
const notWhole = (value: unknown) =>
  fail("BadInput", { what: `${String(value)} is no whole number`, fix: "give whole numbers for integer types" });

/** Errors: BadInput for numbers an integer type has not. */
const integers =
  <T extends Numbers>(of: (values: number[]) => T): Maker =>
  (values) => {
    const numbers = Array.from(values, Number);
    const made = of(numbers);
    const changed = numbers.findIndex((value, i) => value !== Number(made[i]));
    if (changed >= 0) throw notHeld(numbers[changed]!);
    return made;
  };
const notHeld = (value: number) =>
  fail("BadInput", { what: `${value} does not fit the type`, fix: "give numbers in the range of the type, or another type" });

const MAKERS: Readonly<Record<Exclude<TensorType, "string">, Maker>> = {
  bool: integers((v) => Uint8Array.from(v, (one) => (one === 0 ? 0 : one === 1 ? 1 : 2))),
  uint8: integers((v) => Uint8Array.from(v)),
  uint16: integers((v) => Uint16Array.from(v)),
  uint32: integers((v) => Uint32Array.from(v)),
  int8: integers((v) => Int8Array.from(v)),
  int16: integers((v) => Int16Array.from(v)),
  int32: integers((v) => Int32Array.from(v)),
  uint64: (v) => BigUint64Array.from(Array.from(v, whole)),
  int64: (v) => BigInt64Array.from(Array.from(v, whole)),
  float16: (v) => Uint16Array.from(Array.from(v, Number), floatToHalf),
  float32: (v) => Float32Array.from(Array.from(v, Number)),
  float64: (v) => Float64Array.from(Array.from(v, Number)),
};

/** A tensor of plain numbers. Errors: BadInput. */
export const tensorFrom = (
  type: Exclude<TensorType, "string">,
  dims: readonly number[],
  values: ArrayLike<number | bigint | boolean>,
): Tensor => ({ type, dims, data: MAKERS[type](values) });

/** Floats of another width, as the description says them; the rest as it is. */
export const typedAs = (tensor: Tensor, type: TensorType): Tensor =>
  tensor.type === type || type === "string" || tensor.type === "string"
    ? tensor
    : type === "float32"
      ? toFloat32(tensor)
      : tensorFrom(type, tensor.dims, tensor.data as Float32Array);
