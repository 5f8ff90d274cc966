/** The blocks of random networks: what exporters write, in more than one spelling. */
import { C, D, type Writer } from "./graphs.ts";

export type Form = "map" | "seq" | "vec";

export interface Block {
  readonly name: string;
  readonly from: Form;
  /** Default: as `from`. */
  readonly to?: Form;
  /** Least opset. */
  readonly opset?: number;
  /** Names of the values made, on one value and, where it takes two, on another. */
  write(g: Writer, x: string, other: string): string[];
}

const block = (
  name: string,
  from: Form,
  write: (g: Writer, x: string, other: string) => string | string[],
  rest: Partial<Block> = {},
): Block => ({
  name,
  from,
  write: (g, x, other) => {
    const made = write(g, x, other);
    return typeof made === "string" ? [made] : made;
  },
  ...rest,
});

const FORMS: readonly Form[] = ["map", "seq", "vec"];
const everywhere = (
  name: string,
  write: (g: Writer, x: string, other: string) => string | string[],
  rest: Partial<Block> = {},
): Block[] => FORMS.map((form) => block(`${name}`, form, write, rest));
const unary = (op: string, opset = 0): Block[] => everywhere(op, (g, x) => g.op(`${op}(${x})`), { opset });

/** Blocks whose function has derivatives of all orders, and none that are large. */
export const SMOOTH = new Set([
  ...[
    "gemm",
    "gemm transB",
    "matmul add",
    "matmul",
    "residual",
    "Sigmoid",
    "Tanh",
    "Softplus",
    "Erf",
    "Mish",
    "Gelu",
    "gelu spelled",
    "gelu tanh",
  ],
  ...[
    "silu spelled",
    "square",
    "add",
    "mul",
    "gate",
    "softmax",
    "layernorm",
    "layernorm spelled",
    "conv",
    "conv depthwise",
    "conv transpose",
    "batch norm",
  ],
  ...[
    "instance norm",
    "average pool",
    "global average",
    "upsample",
    "depth to space",
    "attention",
    "mean of tokens",
    "first token",
    "reshape",
    "concat",
    "split",
    "slice",
    "identity",
  ],
  ...[
    "where constant",
    "pad map",
    "transposed",
    "pow",
    "scale",
    "function of sizes",
    "expand vec",
    "einsum",
    "rms spelled",
    "l2",
  ],
]);

export const BLOCKS: readonly Block[] = [
  // Dense layers
  block("gemm", "vec", (g, x) => g.op(`Gemm(${x}, ${g.weight(D, D)}, ${g.weight(D)})`)),
  block("gemm transB", "vec", (g, x) =>
    g.op(`Gemm <transB=1, alpha=0.5, beta=2.0> (${x}, ${g.weight(D, D)}, ${g.weight(1, D)})`),
  ),
  block("gemm sum", "vec", (g, x, o) => g.op(`Gemm(${x}, ${g.weight(D, D)}, ${o})`)),
  block("matmul add", "vec", (g, x) => g.op(`Add(${g.weight(D)}, ${g.op(`MatMul(${x}, ${g.weight(D, D)})`)})`)),
  block("matmul", "seq", (g, x) => g.op(`MatMul(${x}, ${g.weight(D, D)})`)),
  block("matmul add", "seq", (g, x) => g.op(`Add(${g.op(`MatMul(${x}, ${g.weight(D, D)})`)}, ${g.weight(D)})`)),
  block("residual", "vec", (g, x) => g.op(`Add(${x}, ${g.op(`Tanh(${g.op(`Gemm(${x}, ${g.weight(D, D)})`)})`)})`)),
  block("einsum", "seq", (g, x) => g.op(`Einsum <equation="bsd,de->bse"> (${x}, ${g.weight(D, D)})`)),
  block("shared weight", "vec", (g, x) => {
    const w = g.weight(D, D);
    return g.op(`MatMul(${g.op(`Relu(${g.op(`MatMul(${x}, ${w})`)})`)}, ${w})`);
  }),
  block("relu dense relu dense", "vec", (g, x) =>
    g.op(`Gemm(${g.op(`Relu(${g.op(`Gemm(${x}, ${g.weight(D, 9)}, ${g.weight(9)})`)})`)}, ${g.weight(9, D)}, ${g.weight(D)})`),
  ),
  // Convolutions
  block("conv", "map", (g, x) => g.op(`Conv <pads=[1,1,1,1]> (${x}, ${g.weight(C, C, 3, 3)}, ${g.weight(C)})`)),
  block("conv relu", "map", (g, x) =>
    g.op(`Relu(${g.op(`Conv <pads=[1,1,1,1]> (${x}, ${g.weight(C, C, 3, 3)}, ${g.weight(C)})`)})`),
  ),
  block("conv same", "map", (g, x) => g.op(`Conv <auto_pad="SAME_UPPER"> (${x}, ${g.weight(C, C, 2, 2)})`)),
  block("conv strided", "map", (g, x) => g.op(`Conv <strides=[2,2], pads=[1,1,1,1]> (${x}, ${g.weight(C, C, 3, 3)})`)),
  block("conv depthwise", "map", (g, x) =>
    g.op(`Conv <group=${C}, pads=[1,1,1,1]> (${x}, ${g.weight(C, 1, 3, 3)}, ${g.weight(C)})`),
  ),
  block("conv transpose", "map", (g, x) =>
    g.op(`ConvTranspose <pads=[1,1,1,1]> (${x}, ${g.weight(C, C, 3, 3)}, ${g.weight(C)})`),
  ),
  block("conv bn relu", "map", (g, x) =>
    g.op(`Relu(${batchNorm(g, g.op(`Conv <pads=[1,1,1,1]> (${x}, ${g.weight(C, C, 3, 3)})`))})`),
  ),
  block("squeeze excite", "map", (g, x) => {
    const pooled = g.op(`GlobalAveragePool(${x})`);
    const gate = g.op(`Sigmoid(${g.op(`Conv(${pooled}, ${g.weight(C, C, 1, 1)}, ${g.weight(C)})`)})`);
    return g.op(`Mul(${x}, ${gate})`);
  }),
  // Normalizations
  block("batch norm", "map", (g, x) => batchNorm(g, x)),
  block("instance norm", "map", (g, x) => g.op(`InstanceNormalization <epsilon=0.01> (${x}, ${g.weight(C)}, ${g.weight(C)})`)),
  ...(["seq", "vec"] as const).flatMap((form) => [
    block("layernorm", form, (g, x) => g.op(`LayerNormalization <epsilon=0.01> (${x}, ${g.weight(D)}, ${g.weight(D)})`), {
      opset: 17,
    }),
    block("layernorm spelled", form, (g, x) => layerNorm(g, x)),
    block("rms spelled", form, (g, x) => {
      const mean = g.op(reduce(g, "ReduceMean", g.op(`Pow(${x}, ${g.scalar(2)})`)));
      const root = g.op(`Sqrt(${g.op(`Add(${mean}, ${g.scalar(0.01)})`)})`);
      return g.op(`Mul(${g.op(`Mul(${x}, ${g.op(`Reciprocal(${root})`)})`)}, ${g.weight(D)})`);
    }),
    block("l2", form, (g, x) => g.op(`Div(${x}, ${g.op(`Add(${g.op(reduce(g, "ReduceL2", x))}, ${g.scalar(0.5)})`)})`)),
    block("softmax", form, (g, x) => g.op(`Softmax <axis=-1> (${x})`)),
    block("swiglu", form, (g, x) => {
      const wide = g.op(`MatMul(${x}, ${g.weight(D, 2 * D)})`);
      const [a, b] = g.ops(g.opset < 18 ? `Split <axis=-1> (${wide})` : `Split <axis=-1, num_outputs=2> (${wide})`, 2) as [
        string,
        string,
      ];
      return g.op(`Mul(${g.op(`Mul(${a}, ${g.op(`Sigmoid(${a})`)})`)}, ${b})`);
    }),
    block("einsum gate", form, (g, x, o) => g.op(`Mul(${x}, ${g.op(`Sigmoid(${o})`)})`)),
  ]),
  block("lrn", "map", (g, x) => g.op(`LRN <size=3> (${x})`)),
  // Activations
  ...[
    "Relu",
    "LeakyRelu",
    "Sigmoid",
    "Tanh",
    "Elu",
    "Selu",
    "Softplus",
    "HardSigmoid",
    "Erf",
    "Abs",
    "Neg",
    "Softsign",
    "Celu",
  ].flatMap((op) => unary(op)),
  ...unary("HardSwish", 14),
  ...unary("Mish", 18),
  ...unary("Gelu", 20),
  ...everywhere("relu6", (g, x) => g.op(`Clip(${x}, ${g.scalar(0)}, ${g.scalar(6)})`)),
  ...everywhere("prelu", (g, x) => g.op(`PRelu(${x}, ${g.scalar(0.25)})`)),
  ...everywhere("gelu spelled", (g, x) => {
    const erf = g.op(`Erf(${g.op(`Div(${x}, ${g.scalar(Math.SQRT2)})`)})`);
    return g.op(`Mul(${g.op(`Mul(${x}, ${g.op(`Add(${erf}, ${g.scalar(1)})`)})`)}, ${g.scalar(0.5)})`);
  }),
  ...everywhere("gelu tanh", (g, x) => {
    const cube = g.op(`Mul(${g.op(`Pow(${x}, ${g.scalar(3)})`)}, ${g.scalar(0.044715)})`);
    const t = g.op(`Tanh(${g.op(`Mul(${g.op(`Add(${x}, ${cube})`)}, ${g.scalar(0.7978845608)})`)})`);
    return g.op(`Mul(${g.op(`Mul(${x}, ${g.scalar(0.5)})`)}, ${g.op(`Add(${t}, ${g.scalar(1)})`)})`);
  }),
  ...everywhere("silu spelled", (g, x) => g.op(`Mul(${g.op(`Sigmoid(${x})`)}, ${x})`)),
  ...everywhere("hard swish spelled", (g, x) => {
    const clipped = g.op(`Clip(${g.op(`Add(${x}, ${g.scalar(3)})`)}, ${g.scalar(0)}, ${g.scalar(6)})`);
    return g.op(`Mul(${x}, ${g.op(`Div(${clipped}, ${g.scalar(6)})`)})`);
  }),
  ...everywhere("mish spelled", (g, x) => g.op(`Mul(${x}, ${g.op(`Tanh(${g.op(`Softplus(${x})`)})`)})`)),
  ...everywhere("square", (g, x) => g.op(`Mul(${x}, ${x})`)),
  ...everywhere("pow", (g, x) => g.op(`Pow(${x}, ${g.scalar(2)})`)),
  ...everywhere("sqrt", (g, x) => g.op(`Sqrt(${g.op(`Add(${g.op(`Abs(${x})`)}, ${g.scalar(0.1)})`)})`)),
  ...everywhere("exp", (g, x) => g.op(`Exp(${g.op(`Neg(${g.op(`Abs(${x})`)})`)})`)),
  ...everywhere("log", (g, x) => g.op(`Log(${g.op(`Add(${g.op(`Abs(${x})`)}, ${g.scalar(1)})`)})`)),
  // Arithmetic of values; a square or a sum of one with itself among them. Maps of other sizes are brought to one first.
  ...(["seq", "vec", "map"] as const).flatMap((form) => [
    block("add", form, (g, x, o) => g.op(`Add(${x}, ${same(g, form, o)})`)),
    block("sub", form, (g, x, o) => g.op(`Sub(${o === x ? g.scalar(0.3) : same(g, form, o)}, ${x})`)),
    block("mul", form, (g, x, o) => g.op(`Mul(${x}, ${same(g, form, o)})`)),
    block("gate", form, (g, x, o) => g.op(`Mul(${x}, ${g.op(`Sigmoid(${same(g, form, o)})`)})`)),
    block("sum of three", form, (g, x, o) => g.op(`Sum(${x}, ${same(g, form, o)}, ${x})`)),
    block("mean of two", form, (g, x, o) => g.op(`Mean(${x}, ${same(g, form, o)})`)),
    block("max", form, (g, x, o) => g.op(`Max(${x}, ${same(g, form, o)})`)),
    block("min", form, (g, x, o) => g.op(`Min(${x}, ${same(g, form, o)})`)),
    block("div", form, (g, x, o) => g.op(`Div(${x}, ${g.op(`Add(${g.op(`Abs(${same(g, form, o)})`)}, ${g.scalar(1)})`)})`)),
    block("where value", form, (g, x, o) => g.op(`Where(${g.op(`Greater(${x}, ${g.scalar(0)})`)}, ${x}, ${same(g, form, o)})`)),
  ]),
  ...everywhere("scale", (g, x) => g.op(`Div(${g.op(`Mul(${x}, ${g.scalar(-1.5)})`)}, ${g.scalar(0.75)})`)),
  ...everywhere("shift", (g, x) => g.op(`Sub(${g.scalar(0.5)}, ${g.op(`Add(${x}, ${g.scalar(0.25)})`)})`)),
  block("affine", "vec", (g, x) => g.op(`Add(${g.op(`Mul(${x}, ${g.weight(D)})`)}, ${g.weight(1, D)})`)),
  // Pools
  block("max pool", "map", (g, x) => g.op(`MaxPool <kernel_shape=[2,2], strides=[2,2], ceil_mode=1> (${x})`)),
  block("max pool overlapping", "map", (g, x) => g.op(`MaxPool <kernel_shape=[3,3], pads=[1,1,1,1]> (${x})`)),
  block("average pool", "map", (g, x) => g.op(`AveragePool <kernel_shape=[3,3], pads=[1,1,1,1], strides=[1,1]> (${x})`)),
  block("global average", "map", (g, x) => g.op(`GlobalAveragePool(${x})`)),
  block("global max", "map", (g, x) => g.op(`GlobalMaxPool(${x})`)),
  // Sizes and order
  block("upsample", "map", (g, x) => g.op(`Resize <mode="linear"> (${x}, "", ${g.floats([1, 1, 2, 2])})`)),
  block("upsample nearest", "map", (g, x) =>
    g.op(
      `Resize <mode="nearest", nearest_mode="floor", coordinate_transformation_mode="asymmetric"> (${x}, "", ${g.floats([1, 1, 2, 1])})`,
    ),
  ),
  block("depth to space", "map", (g, x) => g.op(`SpaceToDepth <blocksize=1> (${g.op(`DepthToSpace <blocksize=1> (${x})`)})`)),
  // Not by 0: ONNX Runtime merges that into a MaxPool, which pads by −∞.
  block("pad map", "map", (g, x) => g.op(`Pad(${x}, ${g.ints(0, 0, 1, 0, 0, 0, 0, 1)}, ${g.scalar(0.5)})`)),
  block("pad reflect", "map", (g, x) => g.op(`Pad <mode="edge"> (${x}, ${g.ints(0, 0, 1, 0, 0, 0, 0, 1)})`)),
  block("channel shuffle", "map", (g, x) => {
    const [n, h, w] = [0, 2, 3].map((axis) => g.op(`Gather(${g.op(`Shape(${x})`)}, ${g.ints(axis)})`)) as [
      string,
      string,
      string,
    ];
    const grouped = g.op(`Concat <axis=0> (${n}, ${g.ints(2, C / 2)}, ${h}, ${w})`);
    const shuffled = g.op(`Transpose <perm=[0,2,1,3,4]> (${g.op(`Reshape(${x}, ${grouped})`)})`);
    return g.op(`Reshape(${shuffled}, ${g.op(`Shape(${x})`)})`);
  }),
  block("transposed", "map", (g, x) => g.op(`Transpose <perm=[0,1,3,2]> (${x})`)),
  block("reshape", "vec", (g, x) => {
    const wide = g.op(`Reshape(${x}, ${g.ints(0, 2, 3)})`);
    return g.op(`Reshape(${g.op(`Transpose <perm=[0,2,1]> (${wide})`)}, ${g.ints(-1, D)})`);
  }),
  block("concat", "vec", (g, x, o) => g.op(`Gemm(${g.op(`Concat <axis=1> (${x}, ${o}, ${x})`)}, ${g.weight(3 * D, D)})`)),
  block("concat constant", "seq", (g, x) => {
    const n = g.op(`Gather(${g.op(`Shape(${x})`)}, ${g.ints(0)})`);
    const shape = g.op(`Concat <axis=0> (${n}, ${g.ints(1, D)})`);
    return g.op(`Concat <axis=1> (${g.op(`Expand(${g.weight(1, 1, D)}, ${shape})`)}, ${x})`);
  }),
  block("split", "vec", (g, x) => {
    const [a, b] = g.ops(`Split <axis=1> (${x}, ${g.ints(2, 4)})`, 2) as [string, string];
    return g.op(`Concat <axis=1> (${b}, ${a})`);
  }),
  block("slice", "vec", (g, x) =>
    g.op(`Pad(${g.op(`Slice(${x}, ${g.ints(-2)}, ${g.ints(-100)}, ${g.ints(1)}, ${g.ints(-1)})`)}, ${g.ints(0, 0, 0, 1)})`),
  ),
  block("slice to the end", "vec", (g, x) =>
    g.op(
      `Concat <axis=1> (${g.op(`Slice(${x}, ${g.ints(3)}, ${g.ints(Number.MAX_SAFE_INTEGER)}, ${g.ints(1)})`)}, ${g.op(`Slice(${x}, ${g.ints(0)}, ${g.ints(3)}, ${g.ints(-1)})`)})`,
    ),
  ),
  block("gather", "vec", (g, x) => g.op(`Gather <axis=1> (${x}, ${g.ints(5, 0, 0, 3, -2, 1)})`)),
  block("top k", "vec", (g, x) => {
    const [top] = g.ops(`TopK <axis=1> (${x}, ${g.ints(D)})`, 2) as [string, string];
    return top;
  }),
  block("where constant", "vec", (g, x) => {
    const mask = g.op(`Greater(${g.weight(D)}, ${g.scalar(0)})`);
    return g.op(`Where(${mask}, ${x}, ${g.scalar(0.5)})`);
  }),
  block("tile", "vec", (g, x) => g.op(`MatMul(${g.op(`Tile(${x}, ${g.ints(1, 2)})`)}, ${g.weight(2 * D, D)})`)),
  block(
    "expand vec",
    "vec",
    (g, x) => {
      const three = g.op(`Unsqueeze(${x}, ${g.ints(1)})`);
      return g.op(`Expand(${three}, ${g.ints(1, 3, 1)})`);
    },
    { to: "seq" },
  ),
  block("cumsum", "vec", (g, x) => g.op(`CumSum(${x}, ${g.scalar(1, "int64")})`)),
  block("mean of tokens", "seq", (g, x) => g.op(reduce(g, "ReduceMean", x, 1, 0)), { to: "vec" }),
  block("max of tokens", "seq", (g, x) => g.op(reduce(g, "ReduceMax", x, 1, 0)), { to: "vec" }),
  block("first token", "seq", (g, x) => g.op(`Gather <axis=1> (${x}, ${g.scalar(0, "int64")})`), { to: "vec" }),
  block(
    "pixels to tokens",
    "map",
    (g, x) => {
      const flat = g.op(`Transpose <perm=[0,2,1]> (${g.op(`Reshape(${x}, ${g.ints(0, C, -1)})`)})`);
      return g.op(`MatMul(${flat}, ${g.weight(C, D)})`);
    },
    { to: "seq" },
  ),
  block("attention", "seq", (g, x) => attention(g, x)),
  // What exporters leave behind
  ...everywhere("identity", (g, x) => g.op(`Identity(${x})`)),
  ...everywhere("dropout", (g, x) => g.op(`Dropout(${x})`)),
  ...everywhere("cast", (g, x) => g.op(`Cast <to=1> (${g.op(`Cast <to=11> (${x})`)})`)),
  ...everywhere("quantised pair", (g, x) => {
    const [scale, zero] = [g.scalar(0.03), g.scalar(120, "uint8")];
    return g.op(`DequantizeLinear(${g.op(`QuantizeLinear(${x}, ${scale}, ${zero})`)}, ${scale}, ${zero})`);
  }),
  block("quantised weight", "vec", (g, x) => {
    const q = g.name();
    g.held.push(`int8[${D},${D}] ${q} = {${Array.from({ length: D * D }, (_, i) => ((i * 37 + g.seed) % 255) - 127).join(",")}}`);
    return g.op(`MatMul(${x}, ${g.op(`DequantizeLinear(${q}, ${g.scalar(0.01)}, ${g.scalar(0, "int8")})`)})`);
  }),
  ...everywhere("if constant", (g, x) => {
    const yes = g.op(`Greater(${g.scalar(1)}, ${g.scalar(0)})`);
    const [a, b] = [g.name(), g.name()];
    return g.op(
      `If <then_branch = t () => (float[] ${a}) { ${a} = Relu(${x}) }, else_branch = e () => (float[] ${b}) { ${b} = Identity(${x}) }> (${yes})`,
    );
  }),
  block("if value", "vec", (g, x) => {
    const mean = g.op(`Reshape(${g.op(`ReduceSum <keepdims=0> (${x})`)}, ${g.ints(1)})`);
    const yes = g.op(`Squeeze(${g.op(`Greater(${mean}, ${g.scalar(0)})`)})`);
    const [a, b] = [g.name(), g.name()];
    return g.op(
      `If <then_branch = t () => (float[] ${a}) { ${a} = Relu(${x}) }, else_branch = e () => (float[] ${b}) { ${b} = Identity(${x}) }> (${yes})`,
    );
  }),
  ...everywhere("function of sizes", (g, x) => {
    const rank = g.op(`Cast <to=1> (${g.op(`Size(${g.op(`Shape(${x})`)})`)})`);
    return g.op(`Mul(${x}, ${g.op(`Reciprocal(${rank})`)})`);
  }),
  ...everywhere("constant node", (g, x) => {
    const c = g.op(`Constant <value_float = 0.5> ()`);
    return g.op(`Mul(${x}, ${c})`);
  }),
  ...everywhere("computed constant", (g, x) => g.op(`Mul(${x}, ${g.op(`Exp(${g.scalar(0.1)})`)})`)),
  ...everywhere("dead end", (g, x) => {
    g.op(`Relu(${x})`);
    return x;
  }),
  ...everywhere("one value, several readers", (g, x) => [g.op(`Relu(${x})`), g.op(`Tanh(${x})`), g.op(`Identity(${x})`)]),
];

const reduce = (g: Writer, op: string, x: string, axis = -1, keep = 1): string =>
  g.opset < 18 ? `${op} <axes=[${axis}], keepdims=${keep}> (${x})` : `${op} <keepdims=${keep}> (${x}, ${g.ints(axis)})`;

/** Maps of any size meet by their means. */
const same = (g: Writer, form: Form, x: string): string => {
  if (form === "vec") return x;
  if (form === "map") return g.op(`GlobalAveragePool(${x})`);
  return g.op(reduce(g, "ReduceMean", x, 1, 1));
};

const batchNorm = (g: Writer, x: string): string => {
  const variance = g.floats(Array.from({ length: C }, (_, i) => 0.5 + 0.3 * i));
  return g.op(`BatchNormalization(${x}, ${g.weight(C)}, ${g.weight(C)}, ${g.weight(C)}, ${variance})`);
};

const layerNorm = (g: Writer, x: string): string => {
  const centred = g.op(`Sub(${x}, ${g.op(reduce(g, "ReduceMean", x))})`);
  const variance = g.op(reduce(g, "ReduceMean", g.op(`Pow(${centred}, ${g.scalar(2)})`)));
  const std = g.op(`Sqrt(${g.op(`Add(${variance}, ${g.scalar(0.01)})`)})`);
  return g.op(`Add(${g.op(`Mul(${g.op(`Div(${centred}, ${std})`)}, ${g.weight(D)})`)}, ${g.weight(D)})`);
};

/** Two heads, with a residual. */
const attention = (g: Writer, x: string): string => {
  const heads = (perm: string) =>
    g.op(
      `Transpose <perm=[${perm}]> (${g.op(`Reshape(${g.op(`MatMul(${x}, ${g.weight(D, D)})`)}, ${g.ints(0, -1, 2, D / 2)})`)})`,
    );
  const scores = g.op(`MatMul(${heads("0,2,1,3")}, ${heads("0,2,3,1")})`);
  const weights = g.op(`Softmax <axis=-1> (${g.op(`Div(${scores}, ${g.scalar(Math.sqrt(D / 2))})`)})`);
  const mixed = g.op(`Transpose <perm=[0,2,1,3]> (${g.op(`MatMul(${weights}, ${heads("0,2,1,3")})`)})`);
  const out = g.op(`MatMul(${g.op(`Reshape(${mixed}, ${g.ints(0, -1, D)})`)}, ${g.weight(D, D)})`);
  return g.op(`Add(${x}, ${out})`);
};
