/** A range of x along an axis put back among zeros: what undoes a plain Slice, or a Gather of one position. */
import type { Site } from "./role.ts";
import { sizesOf } from "./sizes.ts";

export interface Range {
  /** First position, an int64 list of one; negative counts from the end. */
  readonly from: string;
  /** The same as a number, where it is known. */
  readonly start: number | undefined;
  /** How many positions; null is dynamic. */
  readonly length: number | null;
}

/** `value` has x's shape, except along `axis`, where it has the range. */
export const amongZeros = (site: Site, value: string, x: string, axis: number, { from, start, length }: Range): string => {
  const { g, facts } = site;
  const rank = facts.rank(x);
  const size = facts.shapeOf(x)[axis] ?? null;
  if (size !== null && length !== null && start !== undefined) {
    const before = Math.min(Math.max(start < 0 ? start + size : start, 0), size);
    const after = size - before - length;
    if (before === 0 && after === 0) return value;
    const pads = Array.from({ length: 2 * rank }, (_, i) => (i === axis ? before : i === rank + axis ? after : 0));
    return g.op("Pad", [value, g.ints(pads)]);
  }
  const n = sizesOf(g, x, axis, axis + 1);
  const fromEnd = () => g.mul(n, g.op("Cast", [g.op("Less", [from, g.ints([0])])], { to: 7 }));
  const counted = start === undefined ? g.add(from, fromEnd()) : start < 0 ? g.add(from, n) : from;
  const before = g.op("Min", [g.op("Max", [counted, g.ints([0])]), n]);
  const after = g.sub(g.sub(n, before), g.op("Shape", [value], { start: axis, end: axis + 1 }));
  const nothing = (count: number) => (count === 0 ? [] : [g.ints(Array.from({ length: count }, () => 0))]);
  const widths = [...nothing(axis), before, ...nothing(rank - 1), after, ...nothing(rank - 1 - axis)];
  return g.op("Pad", [value, g.op("Concat", widths, { axis: 0 })]);
};
