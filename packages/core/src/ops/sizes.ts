/** Sizes as int64 lists: constants where they are known, else read from the shape at run time. */
import type { Builder } from "../graph/builder.ts";
import { sizeOf } from "../graph/facts.ts";

/** Of the axes `from` to `to` (excluded) of a value. */
export const sizesOf = (g: Builder, value: string, from: number, to?: number): string => {
  const known = g.facts.shape(value)?.slice(from, to);
  if (known !== undefined && sizeOf(known) !== null) return g.ints(known as number[]);
  return g.op("Shape", [value], { start: from, ...(to !== undefined && { end: to }) });
};

/** A reshape of x whose sizes are such lists, one after another. */
export const reshapeTo = (g: Builder, x: string, ...sizes: readonly string[]): string =>
  g.op("Reshape", [x, sizes.length === 1 ? sizes[0]! : g.op("Concat", sizes, { axis: 0 })]);
