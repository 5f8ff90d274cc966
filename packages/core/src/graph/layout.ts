/**
 * Which maps the runtime will keep in its blocked layout, as far as it can be told while nodes are written. Nothing but time depends on it:
 * it decides between forms of the same numbers.
 */
import { getInts } from "../onnx/attributes.ts";
import type { NodeProto } from "../onnx/proto.ts";

/** Take maps into the layout. */
const ENTER = new Set(["Conv", "MaxPool", "AveragePool", "GlobalAveragePool", "GlobalMaxPool"]);
/** Stay in it where their map is in it. */
const STAY = new Set(["Relu", "Sigmoid", "Tanh", "HardSigmoid", "BatchNormalization", "Resize"]);
/** Stay in it where all of their maps are in it. */
const MEET = new Set(["Add", "Sum", "Mul"]);

export class BlockedLayout {
  readonly #inside = new Set<string>();
  readonly #made = new Set<string>();
  readonly #convolved = new Set<string>();
  readonly #read = new Set<string>();

  has(value: string): boolean {
    return this.#inside.has(value);
  }

  /** Outside, and a convolution has it taken in. */
  takesIn(value: string): boolean {
    return !this.has(value) && this.#read.has(value);
  }

  /** Nodes are told in their order. */
  note({ opType, input, output, attribute }: Pick<NodeProto, "opType" | "input" | "output" | "attribute">): void {
    for (const name of output) this.#made.add(name);
    if (opType === "Conv") {
      this.#convolved.add(output[0]!);
      this.#read.add(input[0]!);
    }
    const enters = ENTER.has(opType) && (getInts({ attribute }, "kernel_shape")?.length ?? 2) === 2;
    const meets = MEET.has(opType) && input.some((name) => this.has(name)) && input.every((name) => this.#fits(name));
    const stays = (STAY.has(opType) && this.has(input[0]!)) || (opType === "Clip" && this.#clips(input[0]!));
    if (enters || meets || stays) for (const name of output) this.#inside.add(name);
  }

  /** A clipped convolution is one operation. */
  #clips(name: string): boolean {
    return this.#convolved.has(name) && this.has(name);
  }

  /** In the layout, or a constant, of which a factor a channel is a convolution there. */
  #fits(name: string): boolean {
    return this.has(name) || !this.#made.has(name);
  }
}
