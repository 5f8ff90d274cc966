/** Levels of a category in an order in which alike ones are neighbours: as far apart as their rows are in the other columns, laid on a line (Apley and Zhu 2020, appendix). */
import { symmetricEigen } from "../numeric/eigen.ts";
import { type Cell, isMissingCell, type TableCells } from "./table.ts";

/** `members`: the rows of every level; `own`: the category's columns, which are left out. Gives the levels' numbers. */
export const alikeOrder = (
  table: TableCells,
  members: readonly (readonly number[])[],
  own: readonly number[],
): readonly number[] => {
  const n = members.length;
  if (n < 3) return members.map((_, k) => k);
  const distances = new Float64Array(n * n);
  for (const column of table[0]!.keys()) {
    if (own.includes(column)) continue;
    const cells = members.map((rows) => rows.map((row) => table[row]![column]!).filter((cell) => !isMissingCell(cell)));
    const apart = cells.flat().every((cell) => typeof cell === "number") ? largestGap : halfOfDifferences;
    for (let i = 0; i < n; i++)
      for (let j = 0; j < i; j++) {
        const distance = apart(cells[i]!, cells[j]!);
        distances[i * n + j]! += distance;
        distances[j * n + i]! += distance;
      }
  }
  const places = onLine(distances, n);
  return members.map((_, k) => k).sort((a, b) => places[a]! - places[b]! || a - b);
};

/** The largest difference of the two distribution functions (Kolmogorov and Smirnov). */
const largestGap = (a: readonly Cell[], b: readonly Cell[]): number => {
  if (a.length === 0 || b.length === 0) return 0;
  const [x, y] = [a, b].map((cells) => Float64Array.from(cells as readonly number[]).sort()) as [Float64Array, Float64Array];
  let [i, j, most] = [0, 0, 0];
  while (i < x.length && j < y.length) {
    const at = Math.min(x[i]!, y[j]!);
    while (i < x.length && x[i]! <= at) i++;
    while (j < y.length && y[j]! <= at) j++;
    most = Math.max(most, Math.abs(i / x.length - j / y.length));
  }
  return most;
};

const halfOfDifferences = (a: readonly Cell[], b: readonly Cell[]): number => {
  if (a.length === 0 || b.length === 0) return 0;
  const shares = new Map<Cell, number>();
  for (const cell of a) shares.set(cell, (shares.get(cell) ?? 0) + 1 / a.length);
  for (const cell of b) shares.set(cell, (shares.get(cell) ?? 0) - 1 / b.length);
  return [...shares.values()].reduce((sum, share) => sum + Math.abs(share), 0) / 2;
};

/** Classical scaling to one dimension: the first eigenvector of −½ J D² J; its direction is that in which the first level comes early. */
const onLine = (distances: Float64Array, n: number): readonly number[] => {
  const squares = distances.map((d) => d * d);
  const means = Array.from({ length: n }, (_, i) => squares.subarray(i * n, (i + 1) * n).reduce((a, b) => a + b, 0) / n);
  const mean = means.reduce((a, b) => a + b, 0) / n;
  const centred = squares.map((d, k) => -0.5 * (d - means[Math.floor(k / n)]! - means[k % n]! + mean));
  const line = symmetricEigen(centred, n).vectors.at(-1)!;
  const turned = line[0]! > 0 ? -1 : 1;
  return Array.from(line, (place) => turned * place);
};
