/**
 * The messages of onnx.proto (field numbers of IR version 13) as one table that decoder and encoder share.
 * Fields that are not listed stay raw in `unknown`.
 */
import { bytes, count, double, float, int32, int64, prose, type Scalar, string, uint64 } from "./kinds.ts";
import {
  type AttributeProto,
  AttrType,
  type Dim,
  type Entry,
  type FunctionProto,
  type GraphProto,
  type Message,
  type ModelProto,
  type NodeProto,
  type OpsetId,
  type TensorProto,
  type TypeProto,
  type ValueInfoProto,
} from "./proto.ts";

/**
 * always: written even when zero (readers ask for its presence); implied: zero when absent, and not written then;
 * optional: undefined when absent; repeated: [] when absent; list: undefined when absent; packed: a list on a typed array.
 */
type Label = "always" | "implied" | "optional" | "repeated" | "list" | "packed";

export interface Field<T = unknown> {
  readonly number: number;
  readonly label: Label;
  readonly scalar?: Scalar<unknown>;
  readonly message?: () => Schema;
  /** The only property of a wrapper message that plain data leaves out. */
  readonly inner?: string;
  /** The other member of a oneof: the last one in the file wins. */
  readonly replaces?: string;
  readonly type?: T; // for the compiler only
}

export interface Schema<M = unknown> {
  readonly name: string;
  readonly fields: readonly (readonly [key: string, Field])[];
  readonly byNumber: ReadonlyMap<number, readonly [key: string, Field]>;
  /** Completes a decoded message. */
  complete?(message: M): void;
}

export const isMany = ({ label }: Field): boolean => label === "repeated" || label === "list" || label === "packed";

type Fields<M> = { readonly [K in Exclude<keyof M, "unknown">]-?: Field<NonNullable<M[K]>> };
type Kind<T> = Scalar<T> | (() => Schema<T>);

const schema = <M>(
  name: string,
  fields: Fields<M>,
  complete?: (message: { -readonly [K in keyof M]: M[K] }) => void,
): Schema<M> => {
  const entries = Object.entries(fields) as [string, Field][];
  return {
    name,
    fields: entries,
    byNumber: new Map(entries.map((entry) => [entry[1].number, entry])),
    ...(complete && { complete }),
  };
};

const field = <T>(number: number, label: Label, kind: Kind<unknown>): Field<T> =>
  typeof kind === "function" ? { number, label, message: kind } : { number, label, scalar: kind };
const always = <T>(number: number, kind: Scalar<T>): Field<T> => field(number, "always", kind);
const implied = <T>(number: number, kind: Scalar<T>): Field<T> => field(number, "implied", kind);
const optional = <T>(number: number, kind: Kind<T>): Field<T> => field(number, "optional", kind);
const repeated = <T>(number: number, kind: Kind<T>): Field<readonly T[]> => field(number, "repeated", kind);
const list = <T>(number: number, kind: Kind<T>): Field<readonly T[]> => field(number, "list", kind);
const packed = <T>(number: number, kind: Scalar<T>): Field<readonly T[]> => field(number, "packed", kind);
const wrapped = <T>(number: number, kind: () => Schema, inner: string): Field<readonly T[]> => ({
  ...field(number, "optional", kind),
  inner,
});

const entry: Schema<Entry> = schema<Entry>("StringStringEntryProto", {
  key: always(1, string),
  value: always(2, string),
});

const opsetId: Schema<OpsetId> = schema<OpsetId>("OperatorSetIdProto", {
  domain: always(1, string),
  version: always(2, count),
});

export const model: Schema<ModelProto> = schema<ModelProto>("ModelProto", {
  irVersion: always(1, count),
  producerName: optional(2, prose),
  producerVersion: optional(3, prose),
  domain: optional(4, string),
  modelVersion: optional(5, int64),
  docString: optional(6, prose),
  graph: optional(7, () => graph),
  opsetImport: repeated(8, () => opsetId),
  metadataProps: repeated(14, () => entry),
  functions: repeated(25, () => functionProto),
});

const functionProto: Schema<FunctionProto> = schema<FunctionProto>("FunctionProto", {
  name: implied(1, string),
  input: repeated(4, string),
  output: repeated(5, string),
  attribute: repeated(6, string),
  node: repeated(7, () => node),
  docString: optional(8, prose),
  opsetImport: repeated(9, () => opsetId),
  domain: implied(10, string),
  attributeProto: repeated(11, () => attribute),
  overload: optional(13, string),
});

const graph: Schema<GraphProto> = schema<GraphProto>("GraphProto", {
  node: repeated(1, () => node),
  name: implied(2, string),
  initializer: repeated(5, () => tensor),
  docString: optional(10, prose),
  input: repeated(11, () => valueInfo),
  output: repeated(12, () => valueInfo),
  valueInfo: repeated(13, () => valueInfo),
  sparseInitializer: repeated(15, bytes),
});

const node: Schema<NodeProto> = schema<NodeProto>("NodeProto", {
  input: repeated(1, string),
  output: repeated(2, string),
  name: implied(3, string),
  opType: implied(4, string),
  attribute: repeated(5, () => attribute),
  docString: optional(6, prose),
  domain: implied(7, string),
  overload: optional(8, string),
});

const attribute: Schema<AttributeProto> = schema<AttributeProto>(
  "AttributeProto",
  {
    name: implied(1, string),
    f: optional(2, float),
    i: optional(3, int64),
    s: optional(4, bytes),
    t: optional(5, () => tensor),
    g: optional(6, () => graph),
    floats: list(7, float),
    ints: list(8, int64),
    strings: list(9, bytes),
    tensors: list(10, () => tensor),
    graphs: list(11, () => graph),
    docString: optional(13, prose),
    type: always(20, int32),
    refAttrName: optional(21, string),
  },
  (attribute) => {
    if (attribute.type === 0) attribute.type = attributeFields.find(([key]) => attribute[key] !== undefined)?.[1] ?? 0;
    if (attribute.refAttrName) return;
    const absent = attributeFields.find(([key, type]) => type === attribute.type && attribute[key] === undefined);
    if (absent && absent[2] !== undefined) Object.assign(attribute, { [absent[0]]: absent[2] });
  },
);

/** Where each type keeps its value, and the value of an absent field (some writers leave out zeros; [] is always absent). */
const attributeFields = [
  ["f", AttrType.FLOAT, 0],
  ["i", AttrType.INT, 0],
  ["s", AttrType.STRING, new Uint8Array()],
  ["t", AttrType.TENSOR, undefined],
  ["g", AttrType.GRAPH, undefined],
  ["floats", AttrType.FLOATS, []],
  ["ints", AttrType.INTS, []],
  ["strings", AttrType.STRINGS, []],
  ["tensors", AttrType.TENSORS, []],
  ["graphs", AttrType.GRAPHS, []],
] as const;

const tensor: Schema<TensorProto> = schema<TensorProto>("TensorProto", {
  dims: repeated(1, count),
  dataType: always(2, int32),
  floatData: packed(4, float),
  int32Data: packed(5, int32),
  stringData: list(6, bytes),
  int64Data: packed(7, int64),
  name: implied(8, string),
  rawData: optional(9, bytes),
  doubleData: packed(10, double),
  uint64Data: packed(11, uint64),
  docString: optional(12, prose),
  externalData: list(13, () => entry),
  dataLocation: optional(14, int32),
});

/** A sparse initializer, which GraphProto keeps undecoded. */
export const sparseTensor: Schema<Message & { values?: TensorProto; indices?: TensorProto }> = schema<
  Message & { values?: TensorProto; indices?: TensorProto }
>("SparseTensorProto", {
  values: optional(1, () => tensor),
  indices: optional(2, () => tensor),
});

const valueInfo: Schema<ValueInfoProto> = schema<ValueInfoProto>("ValueInfoProto", {
  name: implied(1, string),
  type: optional(2, () => typeProto),
  docString: optional(3, prose),
});

const typeProto: Schema<TypeProto> = schema<TypeProto>("TypeProto", {
  tensorType: optional(1, () => tensorTypeProto),
  denotation: optional(6, string),
});

const tensorTypeProto: Schema<NonNullable<TypeProto["tensorType"]>> = schema<NonNullable<TypeProto["tensorType"]>>(
  "TypeProto.Tensor",
  {
    elemType: always(1, int32),
    shape: wrapped<Dim>(2, () => shape, "dim"),
  },
);

const shape: Schema<Message & { readonly dim: readonly Dim[] }> = schema<Message & { readonly dim: readonly Dim[] }>(
  "TensorShapeProto",
  {
    dim: repeated(1, () => dim),
  },
);

const dim: Schema<Dim> = schema<Dim>("TensorShapeProto.Dimension", {
  value: { ...optional(1, count), replaces: "param" },
  param: { ...optional(2, string), replaces: "value" },
});
