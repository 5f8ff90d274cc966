/**
 * Writes networks as ONNX files with seeded random weights. Weights are uniform with He's variance
 * 2 / fan-in (He et al. 2015), so that activations keep their size from layer to layer; the times do not depend on them.
 */
import {
  type AttributeProto,
  attr,
  DataType,
  floatTensor,
  intTensor,
  type ModelProto,
  type NodeProto,
  type TensorProto,
  type ValueInfoProto,
} from "@backlit/core";
import { modelOf, node, value } from "./proto.ts";
import { Random } from "./random.ts";

const EPSILON = 1e-5;

export interface ConvShape {
  readonly from: number;
  readonly to: number;
  readonly kernel: number;
  readonly stride?: number;
  /** Channels in so many groups that do not see each other. */
  readonly group?: number;
  /** Spatial axes, 2 unless said. */
  readonly axes?: number;
  /** Default: half of the kernel, so that pictures keep their size. */
  readonly pad?: number;
  /** The weights' standard deviation in terms of He's. */
  readonly gain?: number;
  /** A batch normalisation follows: as nodes of its own, or folded into the weights. Without it the convolution has a bias. */
  readonly normalized?: "nodes" | "folded";
}

export class Network {
  readonly #nodes: NodeProto[] = [];
  readonly #weights: TensorProto[] = [];
  readonly #random: Random;

  constructor(seed: number) {
    this.#random = new Random(seed);
  }

  /** Appends a node and returns its output. */
  node(opType: string, name: string, input: readonly string[], attribute: readonly AttributeProto[] = []): string {
    const output = `${name}_output_0`;
    this.#nodes.push(node(opType, name, input, output, attribute));
    return output;
  }

  #weight(name: string, dims: readonly number[], values: Float32Array): string {
    this.#weights.push(floatTensor(name, dims, values));
    return name;
  }

  #he(count: number, fanIn: number, gain = 1): Float32Array {
    return this.#random.uniform(count, gain * Math.sqrt(6 / fanIn)); // a uniform spread a has the variance a²/3
  }

  /** A parameter of numbers uniform around a centre. */
  parameter(name: string, dims: readonly number[], spread: number, centre = 0): string {
    const count = dims.reduce((a, b) => a * b, 1);
    return this.#weight(name, dims, this.#random.uniform(count, spread, centre));
  }

  /** A constant of its own. */
  tensor(tensor: TensorProto): string {
    this.#weights.push(tensor);
    return tensor.name;
  }

  /** A float scalar, or an int64 list for shapes and axes; the same numbers once. */
  constant(value: number | readonly number[]): string {
    const name = `constant ${JSON.stringify(value)}`;
    if (!this.#weights.some((tensor) => tensor.name === name))
      this.#weights.push(typeof value === "number" ? floatTensor(name, [], [value]) : intTensor(name, [value.length], value));
    return name;
  }

  conv(name: string, x: string, { from, to, kernel, axes = 2, group = 1, ...shape }: ConvShape): string {
    const { stride = 1, pad = (kernel - 1) / 2, gain, normalized } = shape;
    const along = (n: number, times = 1) => Array.from({ length: axes * times }, () => n);
    const fanIn = (from / group) * kernel ** axes;
    const weight = this.#he(to * fanIn, fanIn, gain);
    const dims = [to, from / group, ...along(kernel)];
    const attributes = [
      attr.ints("dilations", along(1)),
      attr.int("group", group),
      attr.ints("kernel_shape", along(kernel)),
      attr.ints("pads", along(pad, 2)),
      attr.ints("strides", along(stride)),
    ];
    const bias = this.#random.uniform(to, 0.05);
    if (normalized === undefined) {
      const parameters = [this.#weight(`${name}.weight`, dims, weight), this.#weight(`${name}.bias`, [to], bias)];
      return this.node("Conv", `/${name}/Conv`, [x, ...parameters], attributes);
    }
    if (normalized === "nodes") {
      const y = this.node("Conv", `/${name}/Conv`, [x, this.#weight(`${name}.weight`, dims, weight)], attributes);
      return this.batchNorm(name, y, to, bias);
    }
    const scale = this.#random.uniform(to, 0.2, 1);
    const mean = this.#random.uniform(to, 0.05);
    const variance = this.#random.uniform(to, 0.2, 1);
    for (let m = 0; m < to; m++) {
      const factor = scale[m]! / Math.sqrt(variance[m]! + EPSILON);
      for (let i = m * fanIn; i < (m + 1) * fanIn; i++) weight[i]! *= factor;
      bias[m]! -= mean[m]! * factor;
    }
    const parameters = [this.#weight(`${name}.weight`, dims, weight), this.#weight(`${name}.bias`, [to], bias)];
    return this.node("Conv", `/${name}/Conv`, [x, ...parameters], attributes);
  }

  batchNorm(name: string, x: string, channels: number, bias = this.#random.uniform(channels, 0.05)): string {
    const scale = this.#random.uniform(channels, 0.2, 1);
    const mean = this.#random.uniform(channels, 0.05);
    const variance = this.#random.uniform(channels, 0.2, 1);
    const parameters = Object.entries({ weight: scale, bias, running_mean: mean, running_var: variance });
    return this.node(
      "BatchNormalization",
      `/${name}/BatchNormalization`,
      [x, ...parameters.map(([part, values]) => this.#weight(`${name}.bn.${part}`, [channels], values))],
      [attr.float("epsilon", EPSILON)],
    );
  }

  relu(name: string, x: string): string {
    return this.node("Relu", `/${name}/Relu`, [x]);
  }

  maxPool(name: string, x: string, kernel: number, stride: number, pad = 0): string {
    return this.node(
      "MaxPool",
      `/${name}/MaxPool`,
      [x],
      [
        attr.ints("kernel_shape", [kernel, kernel]),
        attr.ints("pads", [pad, pad, pad, pad]),
        attr.ints("strides", [stride, stride]),
      ],
    );
  }

  /** The mean of every channel, [N, C]. */
  pooled(name: string, x: string): string {
    const pooled = this.node("GlobalAveragePool", `/${name}/GlobalAveragePool`, [x]);
    return this.node("Flatten", `/${name}/Flatten`, [pooled], [attr.int("axis", 1)]);
  }

  /** x Wᵀ + b, as torch writes it. */
  dense(name: string, x: string, from: number, to: number, gain?: number): string {
    const weight = this.#weight(`${name}.weight`, [to, from], this.#he(to * from, from, gain));
    const bias = this.#weight(`${name}.bias`, [to], this.#random.uniform(to, 0.05));
    return this.node("Gemm", `/${name}/Gemm`, [x, weight, bias], [attr.int("transB", 1)]);
  }

  /** x W + b on the last axis, as torch writes it for more than two axes. */
  linear(name: string, x: string, from: number, to: number, gain = Math.SQRT1_2): string {
    const weight = this.#weight(`${name}.weight`, [from, to], this.#he(to * from, from, gain));
    const product = this.node("MatMul", `/${name}/MatMul`, [x, weight]);
    return this.node("Add", `/${name}/Add`, [this.parameter(`${name}.bias`, [to], 0.05), product]);
  }

  /** Pictures [N, 3, side, side] in, logits [N, classes] out, the batch free. */
  model(name: string, logits: string, { side = 224, classes = 1000, inputs = [picture(side)] }: Ends = {}): ModelProto {
    const last = this.#nodes.at(-1)!;
    return modelOf({
      name,
      node: this.#nodes.map((one) => (one === last && logits === last.output[0] ? { ...one, output: ["logits"] } : one)),
      initializer: this.#weights,
      input: inputs,
      output: [value("logits", DataType.FLOAT, ["N", classes])],
    });
  }
}

export interface Ends {
  readonly side?: number;
  readonly classes?: number;
  /** Where the inputs are not one picture. */
  readonly inputs?: readonly ValueInfoProto[];
}

const picture = (side: number): ValueInfoProto => value("input", DataType.FLOAT, ["N", 3, side, side]);
