/** A value taken apart along an axis, and put together again. */
import type { Builder } from "../../graph/builder.ts";
import { split, squeeze, unsqueeze } from "../parts.ts";

/** The n slices along `axis`, which they no longer have. One Split, so that relevance comes back by one Concat. */
export const unstack = (g: Builder, value: string, axis: number, n: number): string[] => {
  const ones = Array.from({ length: n }, () => 1);
  return split(g, value, axis, ones).map((part) => squeeze(g, part, axis));
};

/** Values one behind the other along a new axis. */
export const stack = (g: Builder, values: readonly string[], axis: number): string =>
  concat(
    g,
    values.map((value) => unsqueeze(g, value, axis)),
    axis,
  );

export const concat = (g: Builder, values: readonly string[], axis: number): string =>
  values.length === 1 ? values[0]! : g.op("Concat", values, { axis });
