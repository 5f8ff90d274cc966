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
  /** int64 [N], [N, K], [N, D] or [N, K, D]. */
  readonly explained: string;
  /** Of a fed target: 0 for each sample, NaN where its class does not exist, [N]. */
  readonly poison?: string;
  /** The graph input made for `kind: "input"`. */
  readonly input?: { readonly name: string; readonly dims: Shape };
}

export const chooseTarget = (g: Builder, target: Target, logits: Logits, taken: (name: string) => string): Chosen => {
  const { flat, width, axes, reading } = logits;
  const binary = reading.twoClasses;
  const rows = g.op("Shape", [flat], { start: 0, end: 1 });
  const many = axes.length > 1;
  const everySample = (target: string) =>
    g.op("Expand", [target, many ? g.op("Concat", [rows, g.ints([axes.length])], { axis: 0 }) : rows]);
  const onehot = (index: string): string => {
    if (binary)
      return g.sub(
        g.mul(g.op("Cast", [g.op("Unsqueeze", [index, g.ints([1])])], { to: DataType.FLOAT }), g.floats(2)),
        g.floats(1),
      );
    const depth = width === null ? g.op("Gather", [g.op("Shape", [flat]), g.ints(1)]) : g.ints(width);
    return g.op("OneHot", [index, depth, g.floats([0, 1])], { axis: -1 });
  };
  const winner = (): string =>
    binary && reading.kind === "values"
      ? g.op("Expand", [g.ints([1]), rows]) // a number that nothing is known of is explained as it is
      : binary
        ? g.op("Cast", [g.op("Reshape", [g.op("Greater", [flat, g.floats(evenOf(reading))]), g.ints([-1])])], {
            to: DataType.INT64,
          })
        : g.op(reading.sign < 0 ? "ArgMin" : "ArgMax", [flat], { axis: 1, keepdims: 0 });
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
  const besideOneAnother = (indices: readonly string[]): string =>
    g.op(
      "Concat",
      indices.map((index) => g.op("Unsqueeze", [unravel(index), g.ints([1])])),
      { axis: 1 },
    );
  switch (target.kind) {
    case "argmax": {
      const index = winner();
      return { onehots: [onehot(index)], explained: unravel(index) };
    }
    case "index": {
      const flat = flatIndex(target.index, axes, binary);
      const index =
        flat === undefined ? ravel(g, everySample(g.ints(target.index)), logits) : g.op("Expand", [g.ints([flat]), rows]);
      return { onehots: [onehot(index)], explained: unravel(index) };
    }
    case "list": {
      const indices = target.index.map((index) => {
        const flat = flatIndex(index, axes, binary);
        return flat === undefined ? ravel(g, everySample(g.ints(index)), logits) : g.op("Expand", [g.ints([flat]), rows]);
      });
      return { onehots: indices.map(onehot), explained: besideOneAnother(indices) };
    }
    case "top": {
      if (binary || (width !== null && target.k > width))
        throw fail("BadTarget", { what: `top:${target.k}`, why: `the model has ${binary ? 2 : width} classes` });
      const index = g.ops("TopK", [flat, g.ints([target.k])], { axis: 1 }, 2)[1]!;
      const columns = Array.from({ length: target.k }, (_, k) => g.op("Gather", [index, g.ints(k)], { axis: 1 }));
      return { onehots: columns.map(onehot), explained: many ? besideOneAnother(columns) : index };
    }
    case "input": {
      // One target may stand for all samples.
      const name = taken("target");
      const all = everySample(name);
      const valid = inRange(g, all, logits);
      const index = many ? ravel(g, all, logits) : all;
      const one = g.mask(valid); // [N]
      return {
        onehots: [onehot(index)],
        explained: g.op("Where", [many ? g.op("Unsqueeze", [valid, g.ints([1])]) : valid, all, g.ints(-1)]),
        poison: g.sub(g.div(one, one), g.floats(1)), // 0/0 where there is no such class
        input: { name, dims: many ? [null, axes.length] : [null] },
      };
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

/** Undefined where it depends on sizes known at run time. */
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
      throw fail("BadTarget", { what: `target ${i}`, why: `classes run from 0 to ${size! - 1}` });
    if (axis === 0) return i;
    return flat === undefined || size === null ? undefined : flat * size + i;
  }, 0);
};

const ravel = (g: Builder, index: string, { axes, size }: Logits): string =>
  axes.reduce<string>((flat, _, axis) => {
    const column = g.op("Gather", [index, g.ints(axis)], { axis: 1 });
    return flat === "" ? column : g.add(g.mul(flat, size(axis)), column);
  }, "");
