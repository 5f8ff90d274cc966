/** Damage to valid models: what careless exporters, broken downloads and hostile hands leave behind. */
import fc from "fast-check";
import { attr } from "../../src/onnx/attributes.ts";
import type { AttributeProto, GraphProto, ModelProto, NodeProto, TensorProto, ValueInfoProto } from "../../src/onnx/proto.ts";

/** Picks by number: one of a list (undefined of none). */
type Pick = <T>(list: readonly T[]) => T | undefined;
type Mutation = (model: ModelProto, pick: Pick) => ModelProto;

const inGraph =
  (change: (graph: GraphProto, pick: Pick) => Partial<GraphProto>): Mutation =>
  (model, pick) => ({ ...model, graph: { ...model.graph, ...change(model.graph, pick) } });

/** One element of a list changed, or left out where the change says undefined. */
const one = <T>(list: readonly T[], pick: Pick, change: (item: T) => T | readonly T[] | undefined): readonly T[] => {
  const chosen = pick([...list.keys()]);
  return list.flatMap((item, i) => (i === chosen ? ((change(item) ?? []) as T | readonly T[]) : [item])) as readonly T[];
};
const inNode = (
  change: (node: NodeProto, pick: Pick, graph: GraphProto) => NodeProto | readonly NodeProto[] | undefined,
): Mutation => inGraph((graph, pick) => ({ node: one(graph.node, pick, (node) => change(node, pick, graph)) }));
const inTensor = (change: (tensor: TensorProto, pick: Pick) => TensorProto | undefined): Mutation =>
  inGraph((graph, pick) => ({ initializer: one(graph.initializer, pick, (tensor) => change(tensor, pick)) }));
const inPort = (
  change: (value: ValueInfoProto, pick: Pick) => ValueInfoProto | readonly ValueInfoProto[] | undefined,
): Mutation =>
  inGraph((graph, pick) =>
    pick([0, 1]) === 0
      ? { input: one(graph.input, pick, (value) => change(value, pick)) }
      : { output: one(graph.output, pick, (value) => change(value, pick)) },
  );

const ABSURD = [
  0,
  -1,
  1,
  3,
  7,
  2 ** 31 - 1,
  2 ** 31,
  2 ** 40,
  -(2 ** 40),
  Number.MAX_SAFE_INTEGER,
  2n ** 62n,
  -(2n ** 63n),
] as const;
const OPS = [
  ...[
    "Conv",
    "Gemm",
    "MatMul",
    "Add",
    "Softmax",
    "Reshape",
    "Transpose",
    "Concat",
    "Split",
    "Slice",
    "Pad",
    "Gather",
    "TopK",
    "MaxPool",
    "Resize",
  ],
  ...[
    "BatchNormalization",
    "LayerNormalization",
    "Einsum",
    "If",
    "Loop",
    "Scan",
    "LSTM",
    "Where",
    "Cast",
    "Expand",
    "NonZero",
    "Unique",
    "OneHot",
  ],
  ...[
    "Constant",
    "ConstantOfShape",
    "Shape",
    "Range",
    "RandomNormal",
    "SequenceConstruct",
    "ZipMap",
    "QLinearConv",
    "DequantizeLinear",
    "NoSuchOp",
    "",
  ],
  ...[
    "ConvTranspose",
    "AveragePool",
    "ReduceMean",
    "ReduceSum",
    "Squeeze",
    "Unsqueeze",
    "Clip",
    "PRelu",
    "Upsample",
    "ArgMax",
    "Dropout",
    "LRN",
    "GRU",
  ],
  ...[
    "InstanceNormalization",
    "DepthToSpace",
    "ScatterND",
    "GatherND",
    "CumSum",
    "Attention",
    "BiasGelu",
    "FusedConv",
    "MultiHeadAttention",
    "QAttention",
  ],
];
const NAMES = [
  "axis",
  "axes",
  "perm",
  "pads",
  "kernel_shape",
  "strides",
  "dilations",
  "group",
  "to",
  "epsilon",
  "alpha",
  "keepdims",
  "mode",
  "blocksize",
];
const VALUES = [
  ...ABSURD.map((i) => (name: string) => attr.int(name, i)),
  ...ABSURD.map((i) => (name: string) => attr.ints(name, [i, 1])),
];
const attributes: readonly ((name: string) => AttributeProto)[] = [
  ...VALUES,
  (name) => attr.ints(name, []),
  (name) => attr.ints(name, new Array(40).fill(1)),
  (name) => attr.float(name, Number.NaN),
  (name) => attr.float(name, -1),
  (name) => attr.string(name, "no such mode"),
  (name) => attr.floats(name, []),
  (name) => ({ name, type: 5 }),
  (name) => ({ name, type: 2, refAttrName: "missing" }),
];
const valueNames = (graph: GraphProto) => [
  ...graph.input.map((v) => v.name),
  ...graph.initializer.map((v) => v.name),
  ...graph.node.flatMap((node) => node.output),
  ...["", "nowhere", "constructor", "__proto__"],
];
const shaped = (value: ValueInfoProto, shape: (dims: readonly object[]) => unknown): ValueInfoProto => ({
  ...value,
  type: {
    tensorType: { elemType: value.type?.tensorType?.elemType ?? 1, shape: shape(value.type?.tensorType?.shape ?? [{}]) as never },
  },
});
const withFloat = (tensor: TensorProto, value: number, pick: Pick): TensorProto => {
  if (tensor.dataType !== 1 || !tensor.rawData || tensor.rawData.length % 4 !== 0) return tensor;
  const data = Float32Array.from(new Float32Array(tensor.rawData.slice().buffer));
  data[pick([...data.keys()]) ?? 0] = value;
  return { ...tensor, rawData: new Uint8Array(data.buffer) };
};

const MUTATIONS: Readonly<Record<string, Mutation>> = {
  "a node is missing": inNode(() => undefined),
  "a node twice": inNode((node) => [node, node]),
  "a node twice, its outputs renamed": inNode((node) => [
    node,
    { ...node, name: `${node.name}2`, output: node.output.map((o) => `${o}2`) },
  ]),
  "another operator": inNode((node, pick) => ({ ...node, opType: pick(OPS)! })),
  "another domain": inNode((node, pick) => ({
    ...node,
    domain: pick(["com.microsoft", "ai.onnx.ml", "ai.onnx", "my.own", "com.microsoft.nchwc"])!,
  })),
  "another operator of ONNX Runtime": inNode((node, pick) => ({ ...node, domain: "com.microsoft", opType: pick(OPS)! })),
  "another input": inNode((node, pick, graph) => ({ ...node, input: one(node.input, pick, () => pick(valueNames(graph))) })),
  "an input too many": inNode((node, pick, graph) => ({ ...node, input: [...node.input, pick(valueNames(graph))!] })),
  "an input too few": inNode((node) => ({ ...node, input: node.input.slice(0, -1) })),
  "no inputs": inNode((node) => ({ ...node, input: [] })),
  "inputs swapped": inNode((node) => ({ ...node, input: [...node.input].reverse() })),
  "no outputs": inNode((node) => ({ ...node, output: [] })),
  "an output too many": inNode((node) => ({ ...node, output: [...node.output, `${node.output[0]}extra`] })),
  "an output that exists": inNode((node, pick, graph) => ({
    ...node,
    output: [pick(valueNames(graph))!, ...node.output.slice(1)],
  })),
  "an attribute is missing": inNode((node, pick) => ({ ...node, attribute: one(node.attribute, pick, () => undefined) })),
  "a wrong attribute": inNode((node, pick) => ({
    ...node,
    attribute: one(node.attribute, pick, (a) => pick(attributes)!(a.name)),
  })),
  "an attribute more": inNode((node, pick) => ({ ...node, attribute: [...node.attribute, pick(attributes)!(pick(NAMES)!)] })),
  "nodes out of order": inGraph((graph) => ({ node: [...graph.node].reverse() })),
  "no nodes": inGraph(() => ({ node: [] })),
  "a cycle": inGraph((graph, pick) => {
    const last = graph.node.at(-1)?.output[0] ?? "";
    return { node: one(graph.node, pick, (node) => ({ ...node, input: [last, ...node.input.slice(1)] })) };
  }),
  "a weight is missing": inTensor(() => undefined),
  "other dims": inTensor((tensor, pick) => ({
    ...tensor,
    dims: one(tensor.dims, pick, () => Number(pick(ABSURD)!)) as number[],
  })),
  "a dim more": inTensor((tensor, pick) => ({ ...tensor, dims: [...tensor.dims, Number(pick(ABSURD)!)] })),
  "dims that fit, of another rank": inTensor((tensor) => ({ ...tensor, dims: [1, ...tensor.dims] })),
  "flat dims": inTensor((tensor) => ({ ...tensor, dims: [tensor.dims.reduce((a, b) => a * b, 1)] })),
  "data cut off": inTensor((tensor, pick) => ({
    ...tensor,
    rawData: tensor.rawData?.subarray(0, pick([0, 1, 3, 4, 8])!) ?? new Uint8Array(1),
  })),
  "no data": inTensor(({ name, dims, dataType }) => ({ name, dims, dataType })),
  "another type": inTensor((tensor, pick) => ({ ...tensor, dataType: pick([0, 2, 6, 7, 8, 9, 10, 11, 14, 16, 17, 22, 99])! })),
  "external data": inTensor((tensor, pick) => ({
    ...tensor,
    dataLocation: 1,
    externalData: [{ key: "location", value: pick(["../x", "/etc/passwd", "w.bin", ""])! }],
  })),
  "a NaN": inTensor((tensor, pick) => withFloat(tensor, Number.NaN, pick)),
  "an infinity": inTensor((tensor, pick) => withFloat(tensor, Number.POSITIVE_INFINITY, pick)),
  "a huge weight": inTensor((tensor, pick) => withFloat(tensor, 3e38, pick)),
  "weights by one name": inGraph((graph) => ({ initializer: [...graph.initializer, ...graph.initializer.slice(0, 1)] })),
  "a port is missing": inPort(() => undefined),
  "a port twice": inPort((value) => [value, value]),
  "a port of another name": inPort((value, pick) => ({ ...value, name: pick(["nowhere", "", "relevance", "__proto__"])! })),
  "a port without a type": inPort(({ name }) => ({ name })),
  "a port without a shape": inPort(({ name, type }) => ({
    name,
    type: { tensorType: { elemType: type?.tensorType?.elemType ?? 1 } },
  })),
  "a port of another type": inPort((value, pick) => ({
    ...value,
    type: { tensorType: { ...value.type?.tensorType, elemType: pick([0, 2, 7, 8, 9, 10, 11, 14, 16, 99])! } },
  })),
  "a port that is no tensor": inPort((value) => ({ ...value, type: { unknown: [Uint8Array.of(0x22, 0)] } as never })),
  "a port of absurd size": inPort((value, pick) => shaped(value, (dims) => one(dims, pick, () => ({ value: pick(ABSURD)! })))),
  "a port of another rank": inPort((value, pick) =>
    shaped(value, (dims) => (pick([0, 1]) ? [...dims, { value: 1 }] : dims.slice(1))),
  ),
  "a port of no rank": inPort((value) => shaped(value, () => [])),
  "a free size": inPort((value, pick) => shaped(value, (dims) => one(dims, pick, () => ({ param: "Q" })))),
  "another opset": (model, pick) => ({
    ...model,
    opsetImport: [{ domain: "", version: pick([0, 1, 6, 7, 10, 11, 12, 22, 26, 99, 2 ** 31])! }],
  }),
  "no opset": (model) => ({ ...model, opsetImport: [] }),
  "two opsets": (model) => ({ ...model, opsetImport: [...model.opsetImport, { domain: "", version: 11 }] }),
  "an opset of a strange domain": (model) => ({
    ...model,
    opsetImport: [...model.opsetImport, { domain: "my.own", version: 1 }],
  }),
  "another IR version": (model, pick) => ({ ...model, irVersion: pick([3, 4, 8, 10, 13, 99, 2 ** 40])! }),
  "a function that calls itself": (model, pick) => {
    const call = { ...model.graph.node[0]!, opType: "Again", domain: "my.own", attribute: [] };
    const f = {
      name: "Again",
      domain: "my.own",
      input: ["a"],
      output: ["b"],
      attribute: [],
      attributeProto: [],
      opsetImport: model.opsetImport,
    };
    return {
      ...model,
      opsetImport: [...model.opsetImport, { domain: "my.own", version: 1 }],
      functions: [{ ...f, node: [{ ...call, input: ["a"], output: ["b"] }] }],
      graph: { ...model.graph, node: one(model.graph.node, pick, (node) => ({ ...node, opType: "Again", domain: "my.own" })) },
    };
  },
};

/** One to three of them, and their names. */
export const damaged = (model: ModelProto): fc.Arbitrary<{ readonly damage: readonly string[]; readonly model: ModelProto }> =>
  fc
    .array(fc.tuple(fc.constantFrom(...Object.keys(MUTATIONS)), fc.array(fc.nat(10_000), { minLength: 6, maxLength: 6 })), {
      minLength: 1,
      maxLength: 3,
    })
    .map((chosen) => ({
      damage: chosen.map(([name, picks]) => `${name} ${picks}`),
      model: chosen.reduce((m, [name, picks]) => {
        let next = 0;
        const pick: Pick = (list) => (list.length === 0 ? undefined : list[picks[next++ % picks.length]! % list.length]);
        return MUTATIONS[name]!(m, pick);
      }, model),
    }));
