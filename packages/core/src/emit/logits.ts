/** The explained value as rows of a sample, and along its class axis. */
import type { Builder } from "../graph/builder.ts";
import { type Shape, sizeOf } from "../graph/facts.ts";
import type { Path } from "../plan/index.ts";
import type { OutputReading } from "../reading/index.ts";

export interface Logits {
  /** [N, values], the batch brought to the front; without a batch axis N is 1. */
  readonly flat: string;
  /** `flat` at the reference, for DeepLIFT. */
  readonly twin?: string;
  /** Values of a sample; null where that is known at run time. */
  readonly width: number | null;
  readonly reading: OutputReading;
  readonly start: string;
  /** Sizes after the batch that a target names an index of: the output's, those of 1 left out. */
  readonly axes: Shape;
  /** One of them, as a value: a constant, or read from the output at run time. */
  size(axis: number): string;
  /** Number of classes that compete with each other; null where it is known at run time. 1: none do. */
  readonly classes: number | null;
  /** A function of [N, before, classes, behind] and the class axis, on flat rows. */
  alongClasses(value: string, make: (value: string, axis: number) => string): string;
  /** Gives a value shaped like `flat` the shape of the start value. */
  unflatten(value: string): string;
}

/** `value`: read in place of the start value, in its shape. */
export const logitsOf = (
  g: Builder,
  { start, batchAxis, reading }: Pick<Path, "start" | "batchAxis" | "reading">,
  value = start,
): Logits => {
  const shape = g.facts.shapeOf(start);
  const own = shape.filter((_, axis) => axis !== batchAxis);
  const width = own.length === 0 ? 1 : sizeOf(own);
  const order = [batchAxis ?? 0, ...shape.keys()].filter((axis, i, all) => all.indexOf(axis) === i && axis < shape.length);
  const front = g.transpose(value, order);
  const sizes = g.op("Shape", [front]);
  const offset = batchAxis === undefined ? 0 : 1;
  const sizeAt = (axis: number): string =>
    own[axis] === null ? g.op("Gather", [sizes, g.ints([axis + offset])]) : g.ints([own[axis]!]);
  const wide = own.flatMap((size, axis) => (size === 1 ? [] : [axis]));
  const classAxis =
    reading.classAxis === undefined
      ? undefined
      : own.length === shape.length
        ? reading.classAxis
        : reading.classAxis - Number(reading.classAxis > batchAxis!);
  const classes = classAxis === undefined || !reading.classes ? 1 : (own[classAxis] ?? null);
  const alone = wide.length <= 1 && (classAxis === undefined || wide[0] === undefined || wide[0] === classAxis);
  const plain = batchAxis === 0 && shape.length === 2;
  const flatSizes = batchAxis === undefined ? [1, -1] : own.length === 0 ? [-1, 1] : [0, -1];
  const product = (axes: readonly number[]): string =>
    axes.length === 0 ? g.ints([1]) : axes.map(sizeAt).reduce((a, b) => g.mul(a, b));
  return {
    start,
    reading,
    width,
    classes,
    axes: wide.map((axis) => own[axis]!),
    size: (axis) =>
      own[wide[axis]!] === null ? g.op("Gather", [sizes, g.ints(wide[axis]! + offset)]) : g.ints(own[wide[axis]!]!),
    flat: plain ? value : g.op("Reshape", [front, g.ints(flatSizes)]),
    unflatten: (value) =>
      plain
        ? value
        : g.transpose(
            g.op("Reshape", [value, g.op("Shape", [front])]),
            order.map((_, axis) => order.indexOf(axis)),
          ),
    alongClasses: (value, make) => {
      if (alone || classAxis === undefined) return make(value, 1);
      const before = product([...own.keys()].filter((axis) => axis < classAxis));
      const behind = product([...own.keys()].filter((axis) => axis > classAxis));
      const apart = g.op("Reshape", [value, g.op("Concat", [g.ints([-1]), before, sizeAt(classAxis), behind], { axis: 0 })]);
      return g.op("Reshape", [make(apart, 2), g.op("Shape", [value])]);
    },
  };
};
