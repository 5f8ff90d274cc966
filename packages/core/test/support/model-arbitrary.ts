/** Random models for property tests: any value in any field backlit knows, subgraphs and unknown fields among them. */
import fc from "fast-check";
import { attr } from "../../src/onnx/attributes.ts";
import type {
  AttributeProto,
  Dim,
  GraphProto,
  ModelProto,
  NodeProto,
  TensorProto,
  TypeProto,
  ValueInfoProto,
} from "../../src/onnx/proto.ts";
import { makeTensor } from "../../src/onnx/tensors.ts";
import { arrayOf } from "../../src/onnx/types.ts";

const name = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 8 }),
  fc.constantFrom("x", "conv1.weight", "/a/b", "float", "nan", ""),
);
const names = fc.array(name, { maxLength: 3 });
const float32 = fc.float({ noNaN: true });
const integer = fc.oneof(fc.integer(), fc.maxSafeInteger());
const int64 = fc.oneof(integer, fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).filter(isUnsafe));
const uint64 = fc.oneof(fc.nat(), fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).filter(isUnsafe));
const byteArray = fc.uint8Array({ maxLength: 40 });
const many = <T>(item: fc.Arbitrary<T>) => fc.array(item, { minLength: 1, maxLength: 4 });

function isUnsafe(value: bigint): boolean {
  return !Number.isSafeInteger(Number(value));
}

/** A length-delimited or varint field with a number ONNX does not use. */
const unknown = fc.constantFrom([0xf8, 0x3f, 0x05], [0xfa, 0x3f, 0x02, 0x61, 0x62]).map((raw) => Uint8Array.from(raw));
const entry = fc.record({ key: name, value: name });
const opset = fc.record({ domain: name, version: fc.nat(30) });

/** Every field of TensorProto, consistent or not. */
const anyTensor: fc.Arbitrary<TensorProto> = fc.record(
  {
    name,
    dims: fc.array(fc.maxSafeInteger(), { maxLength: 3 }),
    dataType: fc.nat(23),
    rawData: byteArray,
    floatData: many(float32).map((values) => Float32Array.from(values)),
    int32Data: many(fc.integer()).map((values) => Int32Array.from(values)),
    int64Data: many(int64),
    doubleData: many(fc.double({ noNaN: true })).map((values) => Float64Array.from(values)),
    uint64Data: many(uint64),
    stringData: many(byteArray),
    externalData: many(entry),
    dataLocation: fc.nat(1),
    docString: name,
    unknown: many(unknown),
  },
  { requiredKeys: ["name", "dims", "dataType"] },
);

/** Tensors whose dims, type and data agree. */
const tensor: fc.Arbitrary<TensorProto> = fc
  .tuple(
    name,
    fc.array(fc.nat(3), { maxLength: 2 }),
    fc.constantFrom("float32", "float64", "int8", "uint64", "int64", "bool", "float16"),
  )
  .chain(([name, dims, type]) => {
    const count = dims.reduce((product, dim) => product * dim, 1);
    const value =
      type === "float32" ? float32 : type === "float64" ? fc.double({ noNaN: true }) : fc.nat(type === "bool" ? 1 : 100);
    return fc
      .array(value, { minLength: count, maxLength: count })
      .map((values) => makeTensor(name, { type, dims, data: arrayOf(values, type) }));
  });

const dim: fc.Arbitrary<Dim> = fc.oneof(
  fc.record({ value: fc.nat() }),
  fc.record({ param: name.filter((param) => param !== "") }),
  fc.constant({}),
);
const type: fc.Arbitrary<TypeProto> = fc.record({
  tensorType: fc.record(
    { elemType: fc.integer({ min: 1, max: 23 }), shape: fc.array(dim, { maxLength: 3 }) },
    { requiredKeys: ["elemType"] },
  ),
});
const valueInfo = (extras: boolean): fc.Arbitrary<ValueInfoProto> =>
  fc.record({ name, type, ...(extras && { docString: name, unknown: many(unknown) }) }, { requiredKeys: ["name"] });

/** `extras`: also what the text form leaves out. */
const graph = (depth: number, extras: boolean): fc.Arbitrary<GraphProto> => {
  const infos = fc.array(valueInfo(extras), { maxLength: 2 });
  return fc.record(
    {
      name,
      node: fc.array(node(depth, extras), { maxLength: 3 }),
      initializer: fc.array(extras ? anyTensor : tensor, { maxLength: 2 }),
      sparseInitializer: extras ? fc.array(fc.constant(Uint8Array.of(0x18, 5)), { maxLength: 1 }) : fc.constant([]),
      input: infos,
      output: infos,
      valueInfo: infos,
      ...(extras && { docString: name, unknown: many(unknown) }),
    },
    { requiredKeys: ["name", "node", "initializer", "sparseInitializer", "input", "output", "valueInfo"] },
  );
};

const attribute = (depth: number, extras: boolean): fc.Arbitrary<AttributeProto> => {
  const of = <T>(make: (name: string, value: T) => AttributeProto, value: fc.Arbitrary<T>) =>
    fc.tuple(name, value).map(([n, v]) => make(n, v));
  const list = <T>(item: fc.Arbitrary<T>) => fc.array(item, { maxLength: 3 });
  const tensors = extras ? anyTensor : tensor;
  const text = fc.string({ unit: "grapheme" });
  const flat = [
    of(attr.float, float32),
    of(attr.int, int64),
    of(attr.string, text),
    of(attr.tensor, tensors),
    of(attr.floats, list(float32)),
    of(attr.ints, list(int64)),
    of(attr.strings, list(text)),
    of(attr.tensors, list(tensors)),
    byteArray.map((s): AttributeProto => ({ name: "bytes", type: 3, s })),
    fc
      .tuple(name, fc.integer({ min: 1, max: 10 }))
      .map(([refAttrName, type]): AttributeProto => ({ name: "ref", type, refAttrName: `${refAttrName}!` })),
  ];
  const nested = depth > 0 ? [of(attr.graph, graph(depth - 1, extras)), of(attr.graphs, list(graph(depth - 1, extras)))] : [];
  return fc.oneof(...flat, ...nested);
};

const node = (depth: number, extras: boolean): fc.Arbitrary<NodeProto> =>
  fc.record(
    {
      opType: extras ? name : fc.constantFrom("Conv", "Relu", "an op", "x.y"),
      domain: name,
      name,
      input: names,
      output: names,
      attribute: fc.array(attribute(depth, extras), { maxLength: 2 }),
      overload: name.filter((overload) => overload !== ""),
      ...(extras && { docString: name, unknown: many(unknown) }),
    },
    { requiredKeys: ["opType", "domain", "name", "input", "output", "attribute"] },
  );

export const model = ({ extras }: { extras: boolean }): fc.Arbitrary<ModelProto> =>
  fc.record(
    {
      irVersion: fc.integer({ min: 3, max: 13 }),
      opsetImport: fc.array(opset, { maxLength: 2 }),
      producerName: name,
      producerVersion: name,
      domain: name,
      modelVersion: integer,
      graph: graph(1, extras),
      metadataProps: fc.array(entry, { maxLength: 2 }),
      functions: fc.array(
        fc.record(
          {
            name,
            domain: name,
            overload: name.filter((overload) => overload !== ""),
            input: names,
            output: names,
            attribute: names,
            attributeProto: fc.array(attribute(0, extras), { maxLength: 1 }),
            node: fc.array(node(0, extras), { maxLength: 2 }),
            opsetImport: fc.array(opset, { maxLength: 1 }),
          },
          { requiredKeys: ["name", "domain", "input", "output", "attribute", "attributeProto", "node", "opsetImport"] },
        ),
        { maxLength: 1 },
      ),
      ...(extras && { docString: name, unknown: many(unknown) }),
    },
    { requiredKeys: ["irVersion", "opsetImport", "graph", "metadataProps", "functions"] },
  );
