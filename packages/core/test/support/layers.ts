/** Layers under test, as text, and their dense matrices found by running them on unit vectors. */
import type { Tensor } from "../../src/tensor/tensor.ts";
import type { Dense } from "./dense.ts";
import { floats, numbers, sessionOf } from "./run.ts";

export interface Layer {
  readonly name: string;
  /** Shapes of its inputs (named a, b, …), batch included. */
  readonly inputs: readonly (readonly number[])[];
  /** Initializers, without the bias: `float[4,3] w = random(1)`. */
  readonly held?: string;
  /** Type of the bias `bias`, when there is one: `float[4]`. */
  readonly bias?: string;
  /** Nodes from the inputs to `z`; `BIAS` stands where the bias goes (", bias" or nothing). */
  readonly nodes: string;
  /** The bias is what an Add adds. */
  readonly added?: boolean;
  readonly out: readonly number[];
  /** Opset, where it matters. */
  readonly opset?: number;
}

export const NAMES = ["a", "b", "c"];
const type = (dims: readonly number[]) => `float[${dims.join(",")}]`;
export const size = (dims: readonly number[]): number => dims.reduce((a, b) => a * b, 1);

/** The layer as a model on its own. */
export const layerText = (
  layer: Layer,
  bias: boolean,
  around: { before?: string; after?: string; held?: string } = {},
): string => {
  const inputs = layer.inputs.map((dims, k) => `${type(dims)} ${NAMES[k]}${around.before === undefined ? "" : "_in"}`);
  const held = [layer.held, bias && layer.bias ? `${layer.bias} bias = random(77)` : undefined, around.held].filter(Boolean);
  const nodes =
    layer.added && bias
      ? `${layer.nodes.replace(/^z =/, "m =")} z = Add(bias, m)`
      : layer.nodes.replace(/, BIAS/g, bias && layer.bias ? ", bias" : "");
  const output = around.after === undefined ? `${type(layer.out)} z` : "float[] y";
  return `<ir_version: 8, opset_import: ["" : ${layer.opset ?? 17}]>
    net (${inputs.join(", ")}) => (${output}) ${held.length ? `<${held.join(", ")}>` : ""} {
      ${around.before ?? ""} ${nodes} ${around.after ?? ""} }`;
};

/** The matrix from all inputs (one after the other) to the output, and the bias at every output. */
export const denseOf = async (layer: Layer): Promise<Dense> => {
  const sizes = layer.inputs.map(size);
  const feeds = (k: number, i: number): Record<string, Tensor> =>
    Object.fromEntries(
      layer.inputs.map((dims, m) => [
        NAMES[m],
        floats(
          dims,
          Array.from({ length: sizes[m]! }, (_, n) => (m === k && n === i ? 1 : 0)),
        ),
      ]),
    );
  await using plain = await sessionOf(layerText(layer, false));
  const w: number[][] = [];
  for (let k = 0; k < sizes.length; k++) for (let i = 0; i < sizes[k]!; i++) w.push(numbers((await plain.run(feeds(k, i))).z));
  await using biased = await sessionOf(layerText(layer, true));
  return { w, b: numbers((await biased.run(feeds(-1, 0))).z) };
};

const N = 1;
/** With weights. */
export const linearLayers: readonly Layer[] = [
  {
    name: "gemm",
    inputs: [[N, 6]],
    held: "float[6,5] w = random(1)",
    bias: "float[5]",
    nodes: "z = Gemm(a, w, BIAS)",
    out: [N, 5],
  },
  {
    name: "gemm transB",
    inputs: [[N, 6]],
    held: "float[5,6] w = random(2)",
    bias: "float[5]",
    nodes: "z = Gemm <transB=1> (a, w, BIAS)",
    out: [N, 5],
  },
  {
    name: "gemm transA",
    inputs: [[6, 2]],
    held: "float[6,5] w = random(3)",
    bias: "float[5]",
    nodes: "z = Gemm <transA=1> (a, w, BIAS)",
    out: [2, 5],
  },
  {
    name: "gemm transA transB",
    inputs: [[6, 2]],
    held: "float[5,6] w = random(4)",
    bias: "float[1,5]",
    nodes: "z = Gemm <transA=1, transB=1> (a, w, BIAS)",
    out: [2, 5],
  },
  {
    name: "gemm alpha beta",
    inputs: [[2, 6]],
    held: "float[5,6] w = random(5)",
    bias: "float[5]",
    nodes: "z = Gemm <alpha=1.5, beta=-2.0, transB=1> (a, w, BIAS)",
    out: [2, 5],
  },
  {
    name: "gemm scalar bias",
    inputs: [[2, 6]],
    held: "float[6,5] w = random(6)",
    bias: "float[1]",
    nodes: "z = Gemm(a, w, BIAS)",
    out: [2, 5],
  },
  { name: "matmul", inputs: [[2, 6]], held: "float[6,5] w = random(7)", nodes: "z = MatMul(a, w)", out: [2, 5] },
  {
    name: "gemm column bias",
    inputs: [[2, 6]],
    held: "float[6,5] w = random(23)",
    bias: "float[2,1]",
    nodes: "z = Gemm(a, w, BIAS)",
    out: [2, 5],
  },
  {
    name: "gemm matrix bias",
    inputs: [[2, 6]],
    held: "float[6,5] w = random(24)",
    bias: "float[2,5]",
    nodes: "z = Gemm(a, w, BIAS)",
    out: [2, 5],
  },
  { name: "matmul left 2-d", inputs: [[6, 2]], held: "float[5,6] w = random(25)", nodes: "z = MatMul(w, a)", out: [5, 2] },
  { name: "matmul vector weight", inputs: [[2, 3, 4]], held: "float[4] w = random(26)", nodes: "z = MatMul(a, w)", out: [2, 3] },
  { name: "matmul 3-d", inputs: [[2, 3, 4]], held: "float[4,5] w = random(8)", nodes: "z = MatMul(a, w)", out: [2, 3, 5] },
  { name: "matmul left", inputs: [[2, 3, 4]], held: "float[5,3] w = random(9)", nodes: "z = MatMul(w, a)", out: [2, 5, 4] },
  {
    name: "matmul batched weight",
    inputs: [[2, 3, 4]],
    held: "float[2,4,5] w = random(10)",
    nodes: "z = MatMul(a, w)",
    out: [2, 3, 5],
  },
  {
    name: "conv1d",
    inputs: [[2, 2, 7]],
    held: "float[3,2,3] w = random(11)",
    bias: "float[3]",
    nodes: "z = Conv <strides=[2], pads=[1,0]> (a, w, BIAS)",
    out: [2, 3, 3],
  },
  {
    name: "conv2d",
    inputs: [[1, 2, 5, 4]],
    held: "float[3,2,3,3] w = random(12)",
    bias: "float[3]",
    nodes: "z = Conv <pads=[1,1,1,1]> (a, w, BIAS)",
    out: [1, 3, 5, 4],
  },
  {
    name: "conv2d stride dilation",
    inputs: [[1, 2, 6, 7]],
    held: "float[3,2,3,2] w = random(13)",
    bias: "float[3]",
    nodes: "z = Conv <strides=[2,1], dilations=[2,3], pads=[2,0,1,1]> (a, w, BIAS)",
    out: [1, 3, 3, 5],
  },
  {
    name: "conv2d groups",
    inputs: [[2, 4, 4, 4]],
    held: "float[6,2,2,2] w = random(14)",
    bias: "float[6]",
    nodes: "z = Conv <group=2, pads=[0,1,1,0]> (a, w, BIAS)",
    out: [2, 6, 4, 4],
  },
  {
    name: "conv2d groups strided",
    inputs: [[1, 4, 5, 5]],
    held: "float[4,2,3,3] w = random(15)",
    bias: "float[4]",
    nodes: "z = Conv <group=2, strides=[2,2], pads=[1,1,1,1]> (a, w, BIAS)",
    out: [1, 4, 3, 3],
  },
  {
    name: "conv2d depthwise",
    inputs: [[1, 3, 5, 5]],
    held: "float[3,1,3,3] w = random(16)",
    bias: "float[3]",
    nodes: "z = Conv <group=3, pads=[1,1,1,1]> (a, w, BIAS)",
    out: [1, 3, 5, 5],
  },
  {
    name: "conv2d large pads",
    inputs: [[1, 1, 3, 3]],
    held: "float[2,1,2,2] w = random(17)",
    nodes: "z = Conv <pads=[2,2,2,2]> (a, w)",
    out: [1, 2, 6, 6],
  },
  {
    name: "conv2d same lower",
    inputs: [[1, 2, 5, 5]],
    held: "float[2,2,4,2] w = random(18)",
    nodes: 'z = Conv <auto_pad="SAME_LOWER", strides=[2,2]> (a, w)',
    out: [1, 2, 3, 3],
  },
  {
    name: "conv3d",
    inputs: [[1, 2, 3, 3, 3]],
    held: "float[2,2,2,2,3] w = random(19)",
    bias: "float[2]",
    nodes: "z = Conv <pads=[1,0,1,0,0,1]> (a, w, BIAS)",
    out: [1, 2, 3, 2, 3],
  },
  {
    name: "conv transpose",
    inputs: [[1, 2, 3, 3]],
    held: "float[2,3,3,3] w = random(20)",
    bias: "float[3]",
    nodes: "z = ConvTranspose <strides=[2,2], pads=[1,1,0,1], output_padding=[1,0]> (a, w, BIAS)",
    out: [1, 3, 7, 5],
  },
  {
    name: "conv transpose groups",
    inputs: [[1, 4, 3, 3]],
    held: "float[4,2,2,3] w = random(21)",
    bias: "float[4]",
    nodes: "z = ConvTranspose <group=2, strides=[1,2], dilations=[2,1]> (a, w, BIAS)",
    out: [1, 4, 5, 7],
  },
  {
    name: "conv transpose gaps",
    inputs: [[1, 1, 3]],
    held: "float[1,2,2] w = random(22)",
    bias: "float[2]",
    nodes: "z = ConvTranspose <strides=[3]> (a, w, BIAS)",
    out: [1, 2, 8],
  },
];

/** With a bias that another node adds, in the shape of the layer's own output axes. */
export const addedLayers: readonly Layer[] = [
  ["matmul + add", [2, 3, 4], "float[4,5] w = random(31)", "z = MatMul(a, w)", [2, 3, 5], "float[5]"],
  ["matmul + add, [1, 1, C]", [2, 3, 4], "float[4,5] w = random(31)", "z = MatMul(a, w)", [2, 3, 5], "float[1,1,5]"],
  ["token mixing", [2, 3, 4], "float[5,3] w = random(32)", "z = MatMul(w, a)", [2, 5, 4], "float[5,1]"],
  ["token mixing, [1, C, 1]", [2, 3, 4], "float[5,3] w = random(32)", "z = MatMul(w, a)", [2, 5, 4], "float[1,5,1]"],
  ["matmul left 2-d + add", [6, 2], "float[5,6] w = random(33)", "z = MatMul(w, a)", [5, 2], "float[5,1]"],
  ["one unit + add", [2, 6], "float[6,1] w = random(34)", "z = MatMul(a, w)", [2, 1], "float[1]"],
  ["gemm + add", [2, 6], "float[5,6] w = random(35)", "z = Gemm <transB=1, alpha=0.5> (a, w)", [2, 5], "float[5]"],
  ["gemm left 2-d + add", [6, 2], "float[5,6] w = random(36)", "z = Gemm(w, a)", [5, 2], "float[5,1]"],
  ["gemm left 2-d, alpha", [6, 2], "float[5,6] w = random(36)", "z = Gemm <alpha=-1.5> (w, a)", [5, 2], "float[5,1]"],
  ["einsum + add", [2, 3, 4], "float[5,4] w = random(37)", 'z = Einsum <equation="bij,kj->bik"> (a, w)', [2, 3, 5], "float[5]"],
  [
    "einsum + add, own axis first",
    [2, 3, 4],
    "float[5,4] w = random(37)",
    'z = Einsum <equation="bij,kj->bki"> (a, w)',
    [2, 5, 3],
    "float[5,1]",
  ],
  [
    "einsum + add, heads",
    [2, 3, 4],
    "float[4,2,3] w = random(38)",
    'z = Einsum <equation="btd,dhk->bthk"> (a, w)',
    [2, 3, 2, 3],
    "float[2,3]",
  ],
  ["conv + add", [1, 2, 4, 4], "float[3,2,3,3] w = random(39)", "z = Conv <pads=[1,1,1,1]> (a, w)", [1, 3, 4, 4], "float[3,1,1]"],
  [
    "grouped conv + add",
    [1, 4, 4, 4],
    "float[6,2,2,2] w = random(40)",
    "z = Conv <group=2> (a, w)",
    [1, 6, 3, 3],
    "float[1,6,1,1]",
  ],
  [
    "grouped conv transpose + add",
    [1, 4, 3, 3],
    "float[4,2,2,3] w = random(41)",
    "z = ConvTranspose <group=2> (a, w)",
    [1, 4, 4, 5],
    "float[4,1,1]",
  ],
].map(([name, dims, held, nodes, out, bias]) => ({
  name: name as string,
  inputs: [dims as number[]],
  held: held as string,
  bias: bias as string,
  added: true,
  nodes: nodes as string,
  out: out as number[],
}));

/** Without: averages, sums, interpolation. */
export const sumLayers: readonly Layer[] = [
  {
    name: "average pool",
    inputs: [[1, 2, 4, 4]],
    nodes: "z = AveragePool <kernel_shape=[2,2], strides=[2,2]> (a)",
    out: [1, 2, 2, 2],
  },
  {
    name: "average pool overlapping",
    inputs: [[1, 2, 5, 4]],
    nodes: "z = AveragePool <kernel_shape=[3,2], pads=[1,0,1,1]> (a)",
    out: [1, 2, 5, 4],
  },
  {
    name: "average pool include pad",
    inputs: [[1, 2, 5, 5]],
    nodes: "z = AveragePool <kernel_shape=[3,3], strides=[2,2], pads=[1,1,1,1], count_include_pad=1> (a)",
    out: [1, 2, 3, 3],
  },
  {
    name: "average pool ceil",
    inputs: [[1, 1, 6, 5]],
    nodes: "z = AveragePool <kernel_shape=[3,2], strides=[2,2], ceil_mode=1> (a)",
    out: [1, 1, 3, 3],
  },
  {
    name: "average pool of one window that leaves a border",
    inputs: [[2, 2, 4, 5]],
    nodes: "z = AveragePool <kernel_shape=[4,5], strides=[3,4], pads=[1,0,0,0], count_include_pad=1> (a)",
    out: [2, 2, 1, 1],
  },
  {
    name: "average pool of a kernel beyond the input",
    inputs: [[2, 2, 2, 3]],
    nodes: "z = AveragePool <kernel_shape=[640,320], strides=[640,320], ceil_mode=1, count_include_pad=1> (a)",
    out: [2, 2, 1, 1],
  },
  { name: "average pool 1-d", inputs: [[2, 2, 7]], nodes: "z = AveragePool <kernel_shape=[3], strides=[2]> (a)", out: [2, 2, 3] },
  { name: "global average pool", inputs: [[2, 3, 3, 2]], nodes: "z = GlobalAveragePool(a)", out: [2, 3, 1, 1] },
  { name: "reduce mean", inputs: [[2, 3, 2, 3]], nodes: "z = ReduceMean <axes=[-1,2], keepdims=0> (a)", out: [2, 3] },
  { name: "reduce sum", inputs: [[2, 3, 4]], held: "int64[1] axes = {1}", nodes: "z = ReduceSum(a, axes)", out: [2, 1, 4] },
  {
    name: "resize linear",
    inputs: [[1, 2, 3, 4]],
    held: "float[4] scales = {1,1,2,1.5}",
    nodes: 'z = Resize <mode="linear"> (a, "", scales)',
    out: [1, 2, 6, 6],
  },
  {
    name: "resize align corners",
    inputs: [[1, 1, 3, 3]],
    held: "int64[4] sizes = {1,1,5,4}",
    nodes: 'z = Resize <mode="linear", coordinate_transformation_mode="align_corners"> (a, "", "", sizes)',
    out: [1, 1, 5, 4],
  },
  {
    name: "resize down",
    inputs: [[1, 1, 6, 5]],
    held: "int64[4] sizes = {1,1,3,2}",
    nodes: 'z = Resize <mode="linear", coordinate_transformation_mode="asymmetric"> (a, "", "", sizes)',
    out: [1, 1, 3, 2],
  },
  {
    name: "scatter add, places met twice",
    inputs: [
      [4, 2],
      [3, 2],
    ],
    held: "int64[3,1] i = {3,0,3}",
    nodes: 'z = ScatterND <reduction="add"> (a, i, b)',
    out: [4, 2],
    opset: 18,
  },
  {
    name: "add",
    inputs: [
      [2, 3, 2],
      [2, 3, 2],
    ],
    nodes: "z = Add(a, b)",
    out: [2, 3, 2],
  },
  {
    name: "add broadcast",
    inputs: [
      [2, 3, 4],
      [2, 1, 4],
    ],
    nodes: "z = Add(a, b)",
    out: [2, 3, 4],
  },
  {
    name: "sub",
    inputs: [
      [2, 5],
      [2, 5],
    ],
    nodes: "z = Sub(a, b)",
    out: [2, 5],
  },
  {
    name: "sum",
    inputs: [
      [2, 5],
      [2, 5],
      [2, 5],
    ],
    nodes: "z = Sum(a, b, c)",
    out: [2, 5],
  },
  {
    name: "mean",
    inputs: [
      [2, 5],
      [2, 1],
      [2, 5],
    ],
    nodes: "z = Mean(a, b, c)",
    out: [2, 5],
  },
];
