/** Numbers of a raw head's anchors, taken out of its maps. */
import type { Builder } from "../../graph/builder.ts";
import { DataType } from "../../onnx/index.ts";
import { beforeSigmoid, type FeatureMap, type HeadScale, type Part } from "../../reading/detector/raw/index.ts";

/** The cells of one scale: numbers of their anchors as [N, anchors, cells, numbers]. */
export class Cells {
  readonly stride: number;
  constructor(
    readonly g: Builder,
    readonly values: Parameters<typeof beforeSigmoid>[1],
    readonly scale: HeadScale,
  ) {
    this.stride = scale.stride;
  }

  /** A part's numbers before the sigmoid that the model has behind them, unless they are taken `asTheyAre`. */
  numbers({ map, anchors, from, count }: Part, asTheyAre = false): string {
    const { g } = this;
    const own = this.#ordered(map, asTheyAre ? map.value : this.#logits(map.value));
    const each = (map.channels * map.count) / anchors;
    const split = g.op("Reshape", [own, g.ints([0, anchors, each, -1])]);
    const last = g.transpose(split, [0, 1, 3, 2]);
    return from === 0 && count === each ? last : this.columns(last, from, count);
  }

  columns(numbers: string, from: number, count: number): string {
    const { g } = this;
    return g.op("Slice", [numbers, g.ints([from]), g.ints([from + count]), g.ints([3])]);
  }

  /** Column and row of each cell: [1, 1, cells, 2]. */
  grid(): string {
    const { g } = this;
    const { map } = this.scale.boxes;
    const size = (axis: number) => g.op("Gather", [g.op("Shape", [map.value]), g.ints(axis)], { axis: 0 });
    const [rows, columns] = [size(map.height), size(map.width)];
    const count = (to: string, dims: readonly number[]) => {
      const range = g.op("Range", [g.ints(0), to, g.ints(1)]);
      return g.op("Reshape", [g.op("Cast", [range], { to: DataType.FLOAT }), g.ints(dims)]);
    };
    const one = g.ints([-1]);
    const whole = g.op("Concat", [g.op("Reshape", [rows, one]), g.op("Reshape", [columns, one])], { axis: 0 });
    const flat = (axis: string) => g.op("Reshape", [g.op("Expand", [axis, whole]), g.ints([1, 1, -1, 1])]);
    return g.op("Concat", [flat(count(columns, [1, -1])), flat(count(rows, [-1, 1]))], { axis: 3 });
  }

  /** [N, anchors · cells, count]. */
  listed(numbers: string, count: number): string {
    return this.g.op("Reshape", [numbers, this.g.ints([0, -1, count])]);
  }

  /** Batch, anchors and channels, rows, columns. */
  #ordered({ anchors, channel, height, width }: FeatureMap, value: string): string {
    return this.g.transpose(value, [0, ...(anchors === undefined ? [] : [anchors]), channel, height, width]);
  }

  /** The same value before its sigmoid, moved as it is. */
  #logits(value: string): string {
    const { producer } = this.values;
    if (beforeSigmoid(value, this.values) === undefined) return value;
    const node = producer(value)!;
    if (node.opType === "Sigmoid") return node.input[0]!;
    const { opType, domain, attribute, input } = node;
    return this.g.emit({ opType, domain, attribute, input: [this.#logits(input[0]!), ...input.slice(1)] })[0]!;
  }
}
