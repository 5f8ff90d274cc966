/**
 * The messages of onnx.proto as plain data. Fields backlit does not use are kept as raw bytes in `unknown`
 * (tag included, in file order), so that decoding and encoding loses nothing.
 */
export type Int = number | bigint; // number where it is a safe integer

export interface Message {
  readonly unknown?: readonly Uint8Array[];
}

export interface Entry extends Message {
  readonly key: string;
  readonly value: string;
}

export interface OpsetId extends Message {
  readonly domain: string;
  readonly version: number;
}

export interface ModelProto extends Message {
  readonly irVersion: number;
  readonly opsetImport: readonly OpsetId[];
  readonly producerName?: string;
  readonly producerVersion?: string;
  readonly domain?: string;
  readonly modelVersion?: Int;
  readonly docString?: string;
  readonly graph: GraphProto;
  readonly metadataProps: readonly Entry[];
  readonly functions: readonly FunctionProto[];
}

export interface FunctionProto extends Message {
  readonly name: string;
  readonly domain: string;
  readonly overload?: string;
  readonly input: readonly string[];
  readonly output: readonly string[];
  readonly attribute: readonly string[];
  readonly attributeProto: readonly AttributeProto[];
  readonly node: readonly NodeProto[];
  readonly opsetImport: readonly OpsetId[];
  readonly docString?: string;
}

export interface GraphProto extends Message {
  readonly name: string;
  readonly node: readonly NodeProto[];
  readonly initializer: readonly TensorProto[];
  /** SparseTensorProto messages, undecoded. */
  readonly sparseInitializer: readonly Uint8Array[];
  readonly input: readonly ValueInfoProto[];
  readonly output: readonly ValueInfoProto[];
  readonly valueInfo: readonly ValueInfoProto[];
  readonly docString?: string;
}

export interface NodeProto extends Message {
  readonly opType: string;
  readonly domain: string; // "" is ai.onnx
  readonly name: string;
  readonly overload?: string;
  readonly input: readonly string[]; // "" is an omitted optional input
  readonly output: readonly string[];
  readonly attribute: readonly AttributeProto[];
  readonly docString?: string;
}

/** AttributeProto.AttributeType */
export const AttrType = {
  FLOAT: 1,
  INT: 2,
  STRING: 3,
  TENSOR: 4,
  GRAPH: 5,
  FLOATS: 6,
  INTS: 7,
  STRINGS: 8,
  TENSORS: 9,
  GRAPHS: 10,
  SPARSE_TENSOR: 11,
  SPARSE_TENSORS: 12,
  TYPE_PROTO: 13,
  TYPE_PROTOS: 14,
} as const;

export interface AttributeProto extends Message {
  readonly name: string;
  readonly type: number; // AttrType; inferred from the field that is present when the file leaves it out
  readonly refAttrName?: string;
  readonly docString?: string;
  readonly f?: number;
  readonly i?: Int;
  readonly s?: Uint8Array;
  readonly t?: TensorProto;
  readonly g?: GraphProto;
  readonly floats?: readonly number[];
  readonly ints?: readonly Int[];
  readonly strings?: readonly Uint8Array[];
  readonly tensors?: readonly TensorProto[];
  readonly graphs?: readonly GraphProto[];
}

/** TensorProto.DataType */
export const DataType = {
  UNDEFINED: 0,
  FLOAT: 1,
  UINT8: 2,
  INT8: 3,
  UINT16: 4,
  INT16: 5,
  INT32: 6,
  INT64: 7,
  STRING: 8,
  BOOL: 9,
  FLOAT16: 10,
  DOUBLE: 11,
  UINT32: 12,
  UINT64: 13,
  COMPLEX64: 14,
  COMPLEX128: 15,
  BFLOAT16: 16,
  FLOAT8E4M3FN: 17,
  FLOAT8E4M3FNUZ: 18,
  FLOAT8E5M2: 19,
  FLOAT8E5M2FNUZ: 20,
  UINT4: 21,
  INT4: 22,
  FLOAT4E2M1: 23,
} as const;

export interface TensorProto extends Message {
  readonly name: string;
  readonly dims: readonly number[];
  readonly dataType: number; // DataType
  /** Little-endian bytes: a view on the file, never a copy. */
  readonly rawData?: Uint8Array;
  readonly floatData?: readonly number[] | Float32Array;
  readonly int32Data?: readonly number[] | Int32Array;
  readonly int64Data?: readonly Int[];
  readonly doubleData?: readonly number[] | Float64Array;
  readonly uint64Data?: readonly Int[];
  readonly stringData?: readonly Uint8Array[];
  /** location, offset, length, checksum as written; see external.ts */
  readonly externalData?: readonly Entry[];
  readonly dataLocation?: number; // 0 default, 1 external
  readonly docString?: string;
}

export interface ValueInfoProto extends Message {
  readonly name: string;
  readonly type?: TypeProto;
  readonly docString?: string;
}

export interface TypeProto extends Message {
  /** Absent for sequence, map, optional and sparse types, which stay in `unknown`. */
  readonly tensorType?: { readonly elemType: number; readonly shape?: readonly Dim[]; readonly unknown?: readonly Uint8Array[] };
  readonly denotation?: string;
}

/** A size, a name (`dim_param`), or neither: free. */
export interface Dim extends Message {
  readonly value?: number;
  readonly param?: string;
}
