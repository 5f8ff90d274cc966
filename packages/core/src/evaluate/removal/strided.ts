/** Windows that overlap: squares of K positions, one each S positions. A position is gone once any of its windows is. */
import { fail } from "../../errors.ts";
import { type LayoutKind, layoutOf, positionsOf } from "../../features/layout.ts";
import type { Units } from "./unit.ts";

/** "grid:16:8" as side and stride; undefined for other specs. Errors: BadRecipe. */
export const stridedSpec = (spec: string): { readonly side: number; readonly stride: number } | undefined => {
  const found = /^grid:([^:]*):([^:]*)$/.exec(spec);
  if (found === null) return undefined;
  const [side, stride] = [Number(found[1]), Number(found[2])];
  if (!Number.isInteger(side) || !Number.isInteger(stride) || stride < 1 || side < stride)
    throw fail("BadRecipe", { what: `unit '${spec}'`, fix: "grid:SIDE:STRIDE, two whole numbers, the stride at most the side" });
  return { side, stride };
};

/** Windows in raster order, cut at the border. `dims` with the batch. */
export const stridedUnits = (
  dims: readonly number[],
  { side, stride }: { readonly side: number; readonly stride: number },
  kind: LayoutKind,
): Units => {
  const layout = layoutOf(dims, kind);
  const { before, sizes, after } = layout;
  const positions = positionsOf(layout);
  const counts = sizes.map((size) => Math.ceil(size / stride));
  const count = counts.reduce((a, b) => a * b, 1);
  const windows = Array.from({ length: count }, (_, u) => windowOf(u, sizes, counts, { side, stride }));
  const valuesOf = (position: number) =>
    Array.from({ length: before * after }, (_, i) => (Math.floor(i / after) * positions + position) * after + (i % after));
  const values = windows.map((window) => window.flatMap(valuesOf));
  return {
    count,
    values: Uint32Array.from(values.flat()),
    from: starts(values),
    sizes: Float64Array.from(windows, (window) => window.length),
    windows: { positions: Uint32Array.from(windows.flat()), from: starts(windows) },
  };
};

/** Positions of window u. */
const windowOf = (
  u: number,
  sizes: readonly number[],
  counts: readonly number[],
  { side, stride }: { readonly side: number; readonly stride: number },
): readonly number[] => {
  let [rest, inside] = [u, [0]];
  let step = 1;
  for (let axis = sizes.length - 1; axis >= 0; axis--) {
    const first = (rest % counts[axis]!) * stride;
    rest = Math.floor(rest / counts[axis]!);
    const along = Array.from({ length: Math.min(side, sizes[axis]! - first) }, (_, i) => (first + i) * step);
    inside = along.flatMap((at) => inside.map((other) => at + other));
    step *= sizes[axis]!;
  }
  return inside;
};

const starts = (lists: readonly (readonly number[])[]): Uint32Array => {
  const from = new Uint32Array(lists.length + 1);
  lists.forEach((list, u) => {
    from[u + 1] = from[u]! + list.length;
  });
  return from;
};
