/** Which class is explained: baked in (the winner, an index, the top K), or an input of the graph. */
import { fail } from "../errors.ts";
import type { Builder } from "../graph/builder.ts";
import type { Shape } from "../graph/facts.ts";
import { DataType } from "../onnx/proto.ts";
import type { Logits } from "./logits.ts";

export type Target =
  | { readonly kind: "argmax" }
  /** Index of the class; for outputs of more dimensions one index per axis after the batch. */
  | { readonly kind: "index"; readonly index: readonly number[] }
  | { readonly kind: "top"; readonly k: number }
  /** Several classes, one map each. */
  | { readonly kind: "list"; readonly index: readonly (readonly number[])[] }
  | { readonly kind: "input" };

export interface Chosen {
  /** One-hot rows [N, classes] (±1 for a single logit), one per explained class. */
  readonly onehots: readonly string[];
  /** int64 [N], [N, K], [N, D] or [N, K, D]; −1 where there is no such class. */
  readonly explained: string;
  /** For each of them whether the samples have it, bool [N]; undefined where all do. */
  readonly exists: readonly (string | undefined)[];
  /** The graph input made for `kind: "input"`. */
  readonly input?: { readonly name: string; readonly dims: Shape };
}

/** One class a sample. */
interface Picked {
  /** Among all values of the sample, int64 [N]. */
  readonly flat: string;
  /** As a target names it: [N], or [N, D]. */
  readonly named: string;
  readonly exists?: string;
}

export const chooseTarget = (g: Builder, target: Target, logits: Logits, taken: (name: string) => string): Chosen => {
  const { flat, width, axes, reading } = logits;
  const binary = reading.twoClasses;
  const rows = g.op("Shape", [flat], { start: 0, end: 1 });
  const many = axes.length > 1;
  const everySample = (target: string) =>
    g.op("Expand", [target, many ? g.op("Concat", [rows, g.ints([axes.length])], { axis: 0 }) : rows]);
  const onehot = ({ flat: index }: Picked): string => {
    if (binary)
      return g.sub(
        g.mul(g.op("Cast", [g.op("Unsqueeze", [index, g.ints([1])])], { to: DataType.FLOAT }), g.floats(2)),
        g.floats(1),
      );
    const depth = width === null ? g.op("Gather", [g.op("Shape", [flat]), g.ints(1)]) : g.ints(width);
    return g.op("OneHot", [index, depth, g.floats([0, 1])], { axis: -1 });
  };
  const unravel = (index: string): string => {
    if (!many) return index;
    const parts: string[] = [];
    let rest = index;
    for (let axis = axes.length - 1; axis > 0; axis--) {
      parts.unshift(g.op("Mod", [rest, logits.size(axis)]));
      rest = g.div(rest, logits.size(axis));
    }
    parts.unshift(rest);
    return g.op(
      "Concat",
      parts.map((part) => g.op("Unsqueeze", [part, g.ints([1])])),
      { axis: 1 },
    );
  };
  const found = (index: string): Picked => ({ flat: index, named: unravel(index) });
  /** An index that may lie outside. */
  const checked = (index: string, named: string, exists: string): Picked => ({
    flat: index,
    named: g.op("Where", [many ? g.op("Unsqueeze", [exists, g.ints([1])]) : exists, named, g.ints(-1)]),
    exists,
  });
  const given = (all: string): Picked => checked(many ? ravel(g, all, logits) : all, all, inRange(g, all, logits));
  const fixed = (index: readonly number[]): Picked => {
    const at = flatIndex(index, axes, binary);
    return at === undefined ? given(everySample(g.ints(index))) : found(g.op("Expand", [g.ints([at]), rows]));
  };
  const winner = (): string =>
    binary && reading.kind === "values"
      ? g.op("Expand", [g.ints([1]), rows]) // a number that nothing is known of is explained as it is
      : binary
        ? g.op("Cast", [g.op("Reshape", [g.op("Greater", [flat, g.floats(evenOf(reading))]), g.ints([-1])])], {
            to: DataType.INT64,
          })
        : g.op(reading.sign < 0 ? "ArgMin" : "ArgMax", [flat], { axis: 1, keepdims: 0 });
  const top = (k: number): readonly Picked[] => {
    const classes = binary ? 2 : width;
    if (classes !== null && k > classes)
      throw fail("BadTarget", {
        what: `target top:${k}`,
        why: `the model has ${classes} ${classes === 1 ? "class" : "classes"}`,
        fix: `ask for at most ${classes}`,
      });
    if (binary) {
      const first = winner();
      return [first, g.sub(g.ints(1), first)].slice(0, k).map(found);
    }
    const most = width === null ? g.op("Min", [g.ints([k]), g.op("Shape", [flat], { start: 1, end: 2 })]) : g.ints([k]);
    const order = g.ops("TopK", [flat, most], { axis: 1, largest: reading.sign < 0 ? 0 : 1 }, 2)[1]!;
    const column = (from: string, at: number) => g.op("Gather", [from, g.ints(at)], { axis: 1 });
    if (width !== null) return Array.from({ length: k }, (_, at) => found(column(order, at)));
    // As many as there are: beyond them there is no class.
    const missing = g.op("Expand", [g.ints(-1), g.op("Concat", [rows, g.sub(g.ints([k]), most)], { axis: 0 })]);
    const padded = g.op("Concat", [order, missing], { axis: 1 });
    return Array.from({ length: k }, (_, at) => {
      const index = column(padded, at);
      return checked(index, unravel(index), g.op("GreaterOrEqual", [index, g.ints(0)]));
    });
  };
  const one = (picked: Picked): Chosen => ({ onehots: [onehot(picked)], explained: picked.named, exists: [picked.exists] });
  const several = (all: readonly Picked[]): Chosen => ({
    onehots: all.map(onehot),
    explained: g.op(
      "Concat",
      all.map(({ named }) => g.op("Unsqueeze", [named, g.ints([1])])),
      { axis: 1 },
    ),
    exists: all.map(({ exists }) => exists),
  });
  switch (target.kind) {
    case "argmax":
      return one(found(winner()));
    case "index":
      return one(fixed(target.index));
    case "list":
      return several(target.index.map(fixed));
    case "top":
      return several(top(target.k));
    case "input": {
      const name = taken("target"); // one target may stand for all samples
      return { ...one(given(everySample(name))), input: { name, dims: many ? [null, axes.length] : [null] } };
    }
  }
};

/** Whether the indices of each sample exist, bool [N]: nothing wraps from the end. */
const inRange = (g: Builder, index: string, logits: Logits): string => {
  const { axes, reading, size } = logits;
  const single = reading.twoClasses ? 2 : 1;
  const bounds = reading.twoClasses || axes.length === 0 ? [g.ints(single)] : axes.map((_, axis) => size(axis));
  const parts = bounds.flatMap((bound, axis) => {
    const column = bounds.length > 1 ? g.op("Gather", [index, g.ints(axis)], { axis: 1 }) : index;
    return [g.op("GreaterOrEqual", [column, g.ints(0)]), g.op("Less", [column, bound])];
  });
  return parts.reduce((a, b) => g.op("And", [a, b]));
};

/** Where the two classes of one number are level: a logit of 0, a probability of ½. */
const evenOf = ({ link }: Logits["reading"]): number => (link.kind !== "mixture" ? 0 : link.log ? Math.log(0.5) : 0.5);

/** Undefined where that, or whether there is such a value, depends on sizes known at run time. */
const flatIndex = (index: readonly number[], axes: Shape, binary: boolean): number | undefined => {
  const sizes = binary ? [2] : axes.length === 0 ? [1] : axes;
  if (index.length !== sizes.length)
    throw fail("BadTarget", {
      what: `target ${index.join(",")}`,
      why: `the output has ${sizes.length} axes after the batch`,
      fix: "give one index for each: --target i,j",
    });
  return index.reduce<number | undefined>((flat, i, axis) => {
    const size = sizes[axis]!;
    if (!Number.isInteger(i) || i < 0 || (size !== null && i >= size))
      throw fail("BadTarget", {
        what: `target ${i}`,
        why: `classes run from 0 to ${size === null ? "the size of the output" : size - 1}`,
      });
    return flat === undefined || size === null ? undefined : flat * size + i;
  }, 0);
};

const ravel = (g: Builder, index: string, { axes, size }: Logits): string =>
  axes.reduce<string>((flat, _, axis) => {
    const column = g.op("Gather", [index, g.ints(axis)], { axis: 1 });
    return flat === "" ? column : g.add(g.mul(flat, size(axis)), column);
  }, "");
