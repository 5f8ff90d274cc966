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
  | { readonly kind: "input" };

export interface Chosen {
  /** One-hot rows [N, classes] (±1 for a single logit), one per explained class. */
  readonly onehots: readonly string[];
  /** int64 [N], [N, K], [N, D] or [N, K, D]. */
  readonly explained: string;
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
        ? g.op("Cast", [g.op("Reshape", [g.op("Greater", [flat, g.floats(0)]), g.ints([-1])])], { to: DataType.INT64 })
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
    case "top": {
      if (binary || (width !== null && target.k > width))
        throw fail("BadTarget", { what: `top:${target.k}`, why: `the model has ${binary ? 2 : width} classes` });
      const index = g.ops("TopK", [flat, g.ints([target.k])], { axis: 1 }, 2)[1]!;
      const columns = Array.from({ length: target.k }, (_, k) => g.op("Gather", [index, g.ints(k)], { axis: 1 }));
      const named = columns.map((column) => g.op("Unsqueeze", [unravel(column), g.ints([1])]));
      return { onehots: columns.map(onehot), explained: many ? g.op("Concat", named, { axis: 1 }) : index };
    }
    case "input": {
      // One target may stand for all samples.
      const name = taken("target");
      const all = everySample(name);
      const index = many ? ravel(g, all, logits) : all;
      return { onehots: [onehot(index)], explained: all, input: { name, dims: many ? [null, axes.length] : [null] } };
    }
  }
};

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
