/** Where the values of one sample stand: a sample is [before…, positions…, after…]; values that share a position are perturbed together. */
import { fail } from "../errors.ts";
import type { LayoutKind } from "../reading/index.ts";

export type { LayoutKind };

export interface Layout {
  readonly kind: LayoutKind;
  /** Channels: values before the positions. */
  readonly before: number;
  /** Sizes of the axes that positions run over. */
  readonly sizes: readonly number[];
  /** Values of one position side by side: the width of an embedding. */
  readonly after: number;
}

const product = (sizes: readonly number[]): number => sizes.reduce((a, b) => a * b, 1);

/** `dims` with the batch. Errors: BadRecipe where a tensor has no such axes. */
export const layoutOf = (dims: readonly number[], kind: LayoutKind): Layout => {
  const sizes = dims.slice(1);
  switch (kind) {
    case "space":
      if (sizes.length < 2) throw noAxes("positions in space", dims, "feature");
      return { kind, before: sizes[0]!, sizes: sizes.slice(1), after: 1 };
    case "tokens":
      if (sizes.length < 2) throw noAxes("tokens", dims, "feature");
      return { kind, before: 1, sizes: sizes.slice(0, 1), after: product(sizes.slice(1)) };
    case "values":
      return { kind, before: 1, sizes: [product(sizes)], after: 1 };
  }
};

export const noAxes = (what: string, dims: readonly number[], instead: string) =>
  fail("BadRecipe", { what: `no ${what}`, why: `the explained value is ${dims.join("×")}`, fix: `take ${instead}` });

export const positionsOf = ({ sizes }: Layout): number => product(sizes);

/** Calls `each` with the first value and the number of values of every stretch of positions from `from` up to `to` (cut at the border). */
export const eachStretch = (
  { before, sizes, after }: Layout,
  from: readonly number[],
  to: readonly number[],
  each: (start: number, length: number) => void,
): void => {
  const last = sizes.length - 1;
  const end = sizes.map((size, axis) => Math.min(size, to[axis]!));
  const length = (end[last]! - from[last]!) * after;
  const walk = (axis: number, at: number): void => {
    if (axis === last) each((at * sizes[last]! + from[last]!) * after, length);
    else for (let i = from[axis]!; i < end[axis]!; i++) walk(axis + 1, at * sizes[axis]! + i);
  };
  for (let c = 0; c < before; c++) walk(0, c);
};

/** Writes a number for each position to all values of that position. */
export const spreadPositions = <A extends Float32Array | Uint32Array>(
  { before, after, ...layout }: Layout,
  positions: ArrayLike<number>,
  into: A,
): A => {
  const count = product(layout.sizes);
  let i = 0;
  for (let c = 0; c < before; c++)
    for (let p = 0; p < count; p++) for (const end = i + after; i < end; i++) into[i] = positions[p]!;
  return into;
};
