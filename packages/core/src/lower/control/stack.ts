/** A value taken apart along an axis, and put together again. */
import type { Builder } from "../../graph/builder.ts";

/** The n slices along `axis`, which they no longer have. One Split, so that relevance comes back by one Concat. */
export const unstack = (g: Builder, value: string, axis: number, n: number): string[] => {
  const parts = n === 1 ? [value] : g.ops("Split", [value, g.ints(Array.from({ length: n }, () => 1))], { axis }, n);
  return parts.map((part) => g.op("Squeeze", [part, g.ints([axis])]));
};

/** Values one behind the other along a new axis. */
export const stack = (g: Builder, values: readonly string[], axis: number): string =>
  concat(
    g,
    values.map((value) => g.op("Unsqueeze", [value, g.ints([axis])])),
    axis,
  );

export const concat = (g: Builder, values: readonly string[], axis: number): string =>
  values.length === 1 ? values[0]! : g.op("Concat", values, { axis });
