/** Small random networks as text, for properties that hold on every network. */
import fc from "fast-check";

export interface Net {
  readonly text: string;
  /** Shape of the input `x`; the output `y` is [N, classes]. */
  readonly dims: readonly number[];
  readonly classes: number;
}

export type Block = "conv" | "strided" | "grouped" | "transpose" | "residual" | "max" | "average" | "pad" | "branch";

export interface NetOptions {
  readonly bias?: boolean;
  /** What may follow a convolution. Default Relu alone. */
  readonly activations?: readonly string[];
  readonly blocks?: readonly Block[];
  /** Nodes that hand `x` on as the first value: `h = Relu(x)`. */
  readonly before?: string;
}

const CHANNELS = 4;
const CLASSES = 3;
/** Wider and smaller maps keep the nets small: each entry makes nodes from `from` to `to`. */
const write = (block: Block, from: string, to: string, weight: (dims: string) => string, bias: string, act: string): string => {
  const c = CHANNELS;
  const conv = (input: string, output: string, rest = "pads=[1,1,1,1]", dims = `${c},${c},3,3`) =>
    `${output} = Conv <${rest}> (${input}, ${weight(dims)}${bias})`;
  const [a, b, d] = [`${to}_a`, `${to}_b`, `${to}_c`];
  switch (block) {
    case "conv":
      return `${conv(from, a)} ${to} = ${act}(${a})`;
    case "strided":
      return `${conv(from, a, "pads=[1,1,1,1], strides=[1,2]")} ${to} = ${act}(${a})`;
    case "grouped":
      return `${conv(from, a, "pads=[1,1,1,1], group=2", `${c},${c / 2},3,3`)} ${to} = ${act}(${a})`;
    case "transpose":
      return `${a} = ConvTranspose <strides=[2,1], pads=[1,1,1,1]> (${from}, ${weight(`${c},${c},3,3`)}${bias}) ${to} = ${act}(${a})`;
    case "residual":
      return `${conv(from, a)} ${b} = ${act}(${a}) ${conv(b, d)} ${to}_s = Add(${d}, ${from}) ${to} = ${act}(${to}_s)`;
    case "max":
      return `${to} = MaxPool <kernel_shape=[2,2], strides=[1,1]> (${from})`;
    case "average":
      return `${to} = AveragePool <kernel_shape=[2,2], pads=[1,1,0,0]> (${from})`;
    case "pad":
      return `${a} = Pad(${from}, pads) ${conv(a, b, "pads=[0,0,0,0]")} ${to} = ${act}(${b})`;
    case "branch":
      return `${conv(from, a)} ${b} = ${act}(${a}) ${d} = AveragePool <kernel_shape=[3,3], pads=[1,1,1,1]> (${from})
        ${to}_m = Concat <axis=1> (${b}, ${d}) ${conv(`${to}_m`, `${to}_n`, "pads=[0,0,0,0]", `${c},${2 * c},1,1`)} ${to} = ${act}(${to}_n)`;
  }
};

export const BLOCKS: readonly Block[] = [
  "conv",
  "strided",
  "grouped",
  "transpose",
  "residual",
  "max",
  "average",
  "pad",
  "branch",
];

/** Convolutional: a first convolution, one to three blocks, then the mean of each map or all of it, then a dense layer. */
export const convNet = ({
  bias = false,
  activations = ["Relu"],
  blocks = BLOCKS,
  before = "h = Identity(x)",
}: NetOptions = {}): fc.Arbitrary<Net> =>
  fc
    .record({
      seed: fc.integer({ min: 1, max: 10_000 }),
      blocks: fc.array(fc.constantFrom(...blocks), { minLength: 1, maxLength: 3 }),
      activation: fc.constantFrom(...activations),
      pooled: fc.boolean(),
    })
    .map(({ seed, blocks: chosen, activation, pooled }) => {
      const held = ["int64[8] pads = {0,0,1,1,0,0,1,1}"];
      const weight = (dims: string) => {
        held.push(`float[${dims}] w${held.length} = random(${seed + held.length})`);
        return `w${held.length - 1}`;
      };
      const biasOf = (n: number) => (bias ? `, ${weight(String(n))}` : "");
      const nodes = [
        before,
        `z0 = Conv <pads=[1,1,1,1]> (h, ${weight(`${CHANNELS},2,3,3`)}${biasOf(CHANNELS)}) h0 = ${activation}(z0)`,
      ];
      chosen.forEach((block, i) => {
        nodes.push(write(block, `h${i}`, `h${i + 1}`, weight, biasOf(CHANNELS), activation));
      });
      const last = `h${chosen.length}`;
      nodes.push(
        pooled
          ? `p = GlobalAveragePool(${last}) f = Flatten(p)`
          : `p = ReduceMean <axes=[3], keepdims=0> (${last}) q = ReduceMean <axes=[2], keepdims=0> (p) f = Identity(q)`,
      );
      nodes.push(`y = Gemm(f, ${weight(`${CHANNELS},${CLASSES}`)}${biasOf(CLASSES)})`);
      return {
        text: `net (float[N,2,6,6] x) => (float[N,${CLASSES}] y) <${held.join(", ")}> { ${nodes.join("\n")} }`,
        dims: [2, 2, 6, 6],
        classes: CLASSES,
      };
    });

/** Dense layers with ReLUs between, as Gemm or as MatMul with Add. */
const denseNet = ({ bias = false }: NetOptions = {}): fc.Arbitrary<Net> =>
  fc
    .record({
      seed: fc.integer({ min: 1, max: 10_000 }),
      widths: fc.array(fc.integer({ min: 3, max: 9 }), { minLength: 1, maxLength: 3 }),
      matmul: fc.boolean(),
    })
    .map(({ seed, widths, matmul }) => {
      const sizes = [6, ...widths, CLASSES];
      const held: string[] = [];
      const nodes = sizes.slice(1).map((n, i) => {
        const [from, to] = [i === 0 ? "x" : `h${i}`, i === widths.length ? "y" : `z${i + 1}`];
        held.push(`float[${sizes[i]},${n}] w${i} = random(${seed + i})`);
        if (bias) held.push(`float[${n}] b${i} = random(${seed + 100 + i})`);
        const layer = matmul
          ? bias
            ? `m${i} = MatMul(${from}, w${i}) ${to} = Add(m${i}, b${i})`
            : `${to} = MatMul(${from}, w${i})`
          : `${to} = Gemm(${from}, w${i}${bias ? `, b${i}` : ""})`;
        return i === widths.length ? layer : `${layer} h${i + 1} = Relu(${to})`;
      });
      return {
        text: `net (float[N,6] x) => (float[N,${CLASSES}] y) <${held.join(", ")}> { ${nodes.join("\n")} }`,
        dims: [2, 6],
        classes: CLASSES,
      };
    });

export const anyNet = (options: NetOptions = {}): fc.Arbitrary<Net> => fc.oneof(denseNet(options), convNet(options));
