/**
 * One direction of a recurrent layer with gates a: W [A·H, inputs], R [A·H, H], biases Wb and Rb. What the gates see is one linear
 * layer, [x, h] · [W, R]ᵀ + (Wb + Rb), so that a rule divides between input and state at once. Weights are put together by nodes on
 * the initializers, the same in all steps; the runtime computes them when it loads the model.
 */
import type { Builder } from "../../graph/builder.ts";
import { split } from "../parts.ts";
import type { Activation } from "./activation.ts";

/** Gates from … to (exclusive), in the operator's order. */
export type Gates = readonly [from: number, to: number];

export class Direction {
  constructor(
    readonly g: Builder,
    readonly hidden: number,
    /** All gates of the operator. */
    readonly gates: number,
    readonly inputs: number,
    private readonly tensors: { readonly w: string; readonly r: string; readonly b?: string; readonly p?: string },
    readonly activations: readonly Activation[],
    private readonly clip: number | undefined,
  ) {}

  /** Pre-activations of some gates [B, n·H], from the input and the state (zero at first) together. */
  joint(x: string, h: string | undefined, gates: Gates): string {
    const { g, tensors } = this;
    const [w, r] = [this.#rows(tensors.w, gates), this.#rows(tensors.r, gates)];
    const bias = tensors.b && g.add(this.#bias(0, gates), this.#bias(1, gates));
    return h === undefined
      ? this.#gemm(x, w, bias)
      : this.#gemm(g.op("Concat", [x, h], { axis: 1 }), g.op("Concat", [w, r], { axis: 1 }), bias);
  }

  fromInput(x: string, gates: Gates): string {
    return this.#gemm(x, this.#rows(this.tensors.w, gates), this.tensors.b && this.#bias(0, gates));
  }

  fromState(h: string, gates: Gates): string {
    return this.#gemm(h, this.#rows(this.tensors.r, gates), this.tensors.b && this.#bias(1, gates));
  }

  /** Zero in the shape of a state, but a value of the input: a gate times this is a product, and the gate gets nothing. */
  zero(x: string): string {
    const { g } = this;
    return this.#gemm(x, g.op("Expand", [g.floats(0), g.ints([this.hidden, this.inputs])]));
  }

  /** n values of width H, side by side, apart. */
  apart(value: string, n: number): readonly string[] {
    const widths = Array.from({ length: n }, () => this.hidden);
    return split(this.g, value, 1, widths);
  }

  /** Peephole weight of gate k [H]; undefined without peepholes. */
  peephole(k: number): string | undefined {
    return this.tensors.p && this.#slice(this.tensors.p, k * this.hidden, (k + 1) * this.hidden);
  }

  clipped(value: string): string {
    const { g, clip } = this;
    return clip === undefined ? value : g.op("Clip", [value, g.floats(-clip), g.floats(clip)]);
  }

  #gemm = (x: string, weight: string, bias?: string): string =>
    this.g.op("Gemm", bias ? [x, weight, bias] : [x, weight], { transB: 1 });

  #rows = (matrix: string, [from, to]: Gates): string =>
    to - from === this.gates ? matrix : this.#slice(matrix, from * this.hidden, to * this.hidden);

  /** Of Wb (0) or Rb (1). */
  #bias = (which: 0 | 1, [from, to]: Gates): string => {
    const start = which * this.gates;
    return this.#slice(this.tensors.b!, (start + from) * this.hidden, (start + to) * this.hidden);
  };

  #slice = (value: string, from: number, to: number): string => {
    const { g } = this;
    return g.op("Slice", [value, g.ints([from]), g.ints([to]), g.ints([0])]);
  };
}
