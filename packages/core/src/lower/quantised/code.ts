/**
 * How integers stand for numbers: r = (q − zero point) · scale (ONNX DequantizeLinear). Scale and zero point are one for the whole
 * tensor, one for each place along an axis, or one for each block along it.
 */
import type { Facts } from "../../graph/facts.ts";
import { DataType, type TensorProto } from "../../onnx/proto.ts";

export interface Code {
  /** Names of values. */
  readonly scale: string;
  /** Undefined is zero. */
  readonly zero: string | undefined;
  /** DataType of the integers. */
  readonly type: number;
  /** Where scales lie when there are several. */
  readonly axis: number;
  /** Places along the axis that share a scale; 0 where the scale is no block scale. */
  readonly block: number;
}

const signed = (bits: number): readonly [number, number] => [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1];
const unsigned = (bits: number): readonly [number, number] => [0, 2 ** bits - 1];

/** Least and greatest value of a type of integers, and of those floats that numbers are quantised to. */
const RANGES: Readonly<Record<number, readonly [number, number]>> = {
  [DataType.UINT8]: unsigned(8),
  [DataType.INT8]: signed(8),
  [DataType.UINT16]: unsigned(16),
  [DataType.INT16]: signed(16),
  [DataType.UINT32]: unsigned(32),
  [DataType.INT32]: signed(32),
  [DataType.UINT64]: unsigned(64),
  [DataType.INT64]: signed(64),
  [DataType.UINT4]: unsigned(4),
  [DataType.INT4]: signed(4),
  [DataType.FLOAT8E4M3FN]: [-448, 448],
  [DataType.FLOAT8E4M3FNUZ]: [-240, 240],
  [DataType.FLOAT8E5M2]: [-57344, 57344],
  [DataType.FLOAT8E5M2FNUZ]: [-57344, 57344],
};

export const rangeOf = (type: number): readonly [number, number] => RANGES[type] ?? [-Infinity, Infinity];
export const isInteger = (type: number): boolean => ![17, 18, 19, 20].includes(type);

/** Two 4-bit integers lie in a byte, the first in its low half. */
export const fourBits = ({ dims, dataType, rawData, int32Data }: TensorProto): Int8Array | undefined => {
  const bytes = rawData ?? (int32Data && Uint8Array.from(int32Data));
  if (bytes === undefined) return undefined;
  const values = new Int8Array(dims.reduce((a, b) => a * b, 1));
  for (let i = 0; i < values.length; i++) {
    const nibble = (bytes[i >> 1]! >> (i % 2 === 0 ? 0 : 4)) & 15;
    values[i] = dataType === DataType.INT4 && nibble > 7 ? nibble - 16 : nibble;
  }
  return values;
};

export const isFourBits = (type: number): boolean => type === DataType.INT4 || type === DataType.UINT4;

/** Integers as numbers, where they are constants. */
export const integersOf = (
  facts: Facts,
  initializers: ReadonlyMap<string, TensorProto>,
  name: string,
): readonly number[] | undefined => {
  const tensor = initializers.get(name);
  if (tensor !== undefined && isFourBits(tensor.dataType)) {
    const values = fourBits(tensor);
    return values && Array.from(values);
  }
  if (tensor !== undefined && !isInteger(tensor.dataType)) return [0]; // float8 has no other zero point
  return facts.numbers(name);
};
