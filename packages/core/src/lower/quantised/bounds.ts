/** What is known of a value's range without looking at samples: from quantised neighbours, and from operators such as Sigmoid. */
import type { Facts } from "../../graph/facts.ts";
import { opName } from "../../graph/graph.ts";
import type { NodeProto } from "../../onnx/proto.ts";

type Range = readonly [low: number, high: number];

/** Results are values of the first input. */
const KEEP = new Set(
  "Identity Reshape Flatten Squeeze Unsqueeze Transpose Slice Split Gather MaxPool GlobalMaxPool Expand Tile DepthToSpace SpaceToDepth Dropout".split(
    " ",
  ),
);
const UNIT = new Set(["Sigmoid", "Softmax", "HardSigmoid"]);
const MAX_DEPTH = 32;

export class Bounds {
  readonly #known = new Map<string, Range>();

  constructor(
    readonly facts: Facts,
    readonly producer: (name: string) => NodeProto | undefined,
  ) {}

  /** The value lies in `range` too. */
  narrow(name: string, [low, high]: Range): void {
    const [least, most] = this.of(name) ?? [-Infinity, Infinity];
    this.#known.set(name, [Math.max(low, least), Math.min(high, most)]);
  }

  /** Cutting a value to [low, high] moves it by no more than `slack`. */
  within(name: string, low: number, high: number, slack: number): boolean {
    const range = this.of(name);
    return range !== undefined && range[0] >= low - slack && range[1] <= high + slack;
  }

  of(name: string, depth = 0): Range | undefined {
    const known = this.#known.get(name);
    const node = known === undefined && depth < MAX_DEPTH ? this.producer(name) : undefined;
    if (node === undefined) return known;
    const op = opName(node);
    if (UNIT.has(op)) return [0, 1];
    if (KEEP.has(op)) return this.of(node.input[0]!, depth + 1);
    if (op === "Concat") return join(node.input.map((x) => this.of(x, depth + 1)));
    if (op === "Relu") {
      const [low, high] = this.of(node.input[0]!, depth + 1) ?? [-Infinity, Infinity];
      return [Math.max(low, 0), Math.max(high, 0)];
    }
    if (op === "Clip") return [this.facts.scalar(node.input[1]) ?? -Infinity, this.facts.scalar(node.input[2]) ?? Infinity];
    return undefined;
  }
}

const join = (ranges: readonly (Range | undefined)[]): Range | undefined =>
  ranges.reduce((a, b) => a && b && [Math.min(a[0], b[0]), Math.max(a[1], b[1])]);
