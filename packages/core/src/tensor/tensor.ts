/** Arrays of numbers with a shape: what goes into a runtime, comes out of it, and is explained. */

/** What backlit needs of an inference engine. Adapters: onnxruntime-node (packages/backlit) and onnxruntime-web. */
export type TensorType =
  | "float32"
  | "float64"
  | "float16"
  | "int8"
  | "uint8"
  | "int16"
  | "uint16"
  | "int32"
  | "uint32"
  | "int64"
  | "uint64"
  | "bool"
  | "string";

export type TensorData =
  | Float32Array
  | Float64Array
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array
  | readonly string[];

/** Dense, row-major, plain typed array. bool is Uint8Array (0 or 1), float16 is Uint16Array (bit patterns). */
export interface Tensor {
  readonly type: TensorType;
  readonly dims: readonly number[];
  readonly data: TensorData;
}
