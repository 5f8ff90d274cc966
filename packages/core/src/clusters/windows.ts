/** Where a map has most relevance, wherever that is: windows of one size. */
import type { FloatTensor } from "../tensor/float.ts";

/** First row and first column. */
export type Corner = readonly [row: number, column: number];

/** `maps`: [N, 1, H, W]. For each map up to `count` windows of `side` × `side` (less where the map is smaller) that do not overlap, with the largest sums, in order. */
export const topWindows = (
  { dims, data }: FloatTensor,
  { side, count }: { readonly side: number; readonly count: number },
): readonly (readonly Corner[])[] => {
  const [samples, , height, width] = dims as [number, number, number, number];
  const [rows, columns] = [Math.min(side, height), Math.min(side, width)];
  return Array.from({ length: samples }, (_, n) => {
    const sums = windowSums(data.subarray(n * height * width, (n + 1) * height * width), width, [rows, columns]);
    const across = width - columns + 1;
    const found: Corner[] = [];
    while (found.length < count) {
      const at = largestApart(sums, across, (row, column) =>
        found.every(([y, x]) => Math.abs(y - row) >= rows || Math.abs(x - column) >= columns),
      );
      if (at === undefined) break;
      found.push([Math.floor(at / across), at % across]);
    }
    return found;
  });
};

/** By corner, row-major, from sums over all that is above and to the left. */
const windowSums = (map: ArrayLike<number>, width: number, [rows, columns]: Corner): Float64Array => {
  const height = map.length / width;
  const before = new Float64Array((height + 1) * (width + 1));
  const at = (row: number, column: number) => before[row * (width + 1) + column]!;
  for (let row = 0; row < height; row++)
    for (let column = 0; column < width; column++)
      before[(row + 1) * (width + 1) + column + 1] =
        map[row * width + column]! + at(row, column + 1) + at(row + 1, column) - at(row, column);
  const across = width - columns + 1;
  return Float64Array.from({ length: (height - rows + 1) * across }, (_, i) => {
    const [row, column] = [Math.floor(i / across), i % across];
    return at(row + rows, column + columns) - at(row, column + columns) - at(row + rows, column) + at(row, column);
  });
};

/** Of ties the first. */
const largestApart = (
  sums: Float64Array,
  across: number,
  apart: (row: number, column: number) => boolean,
): number | undefined => {
  let best: number | undefined;
  for (let i = 0; i < sums.length; i++)
    if ((best === undefined || sums[i]! > sums[best]!) && apart(Math.floor(i / across), i % across)) best = i;
  return best;
};
