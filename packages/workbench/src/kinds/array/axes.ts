/** Which axes an array must have to serve an input: axes of size 1 may be missing, others may be in another order. */
import type { InputDims } from "@backlit/core";

const fits = (dims: readonly number[], wanted: InputDims): boolean =>
  dims.length === wanted.length && dims.every((size, axis) => typeof wanted[axis] !== "number" || wanted[axis] === size);

/** The sizes with axes of size 1 (a batch of one, one channel) put in, or where they are wanted; undefined where nothing fits. */
export const completedDims = (dims: readonly number[], wanted: InputDims): readonly number[] | undefined => {
  const ones = dims.flatMap((size, axis) => (size === 1 ? [axis] : []));
  const without = ones.map((axis) => dims.filter((_, other) => other !== axis));
  return inserted(dims, wanted) ?? without.map((rest) => completedDims(rest, wanted)).find((found) => found !== undefined);
};

const inserted = (dims: readonly number[], wanted: InputDims): readonly number[] | undefined => {
  if (fits(dims, wanted)) return dims;
  if (dims.length >= wanted.length) return undefined;
  const axes = wanted.flatMap((size, axis) => (size === 1 || axis === 0 ? [axis] : []));
  for (const axis of axes) {
    const rest = inserted(dims, [...wanted.slice(0, axis), ...wanted.slice(axis + 1)]);
    if (rest !== undefined) return [...rest.slice(0, axis), 1, ...rest.slice(axis)];
  }
  return undefined;
};

const ORDERS: readonly (readonly number[])[] = [
  [0, 3, 1, 2],
  [0, 2, 3, 1],
  [0, 2, 1],
  [2, 0, 1],
  [1, 2, 0],
];

/** The order of axes, as numpy's transpose takes it, in which the array would fit. */
export const transposed = (dims: readonly number[], wanted: InputDims): readonly number[] | undefined =>
  ORDERS.find(
    (order) =>
      order.length === dims.length &&
      completedDims(
        order.map((axis) => dims[axis]!),
        wanted,
      ) !== undefined,
  );
