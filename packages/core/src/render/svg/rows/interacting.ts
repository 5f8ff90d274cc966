/** With which other column the relevance of one goes together. */
import { placesIn, type RowsTable } from "./table.ts";

const BINS = 6;

/**
 * The column whose values go with what is left of R among rows that are alike in `column`: the sum of |correlations| within bins of
 * equally many rows, or within categories. Undefined where no other column has numbers.
 */
export const interacting = (table: RowsTable, column: number): number | undefined => {
  const { columns, relevance } = table;
  const bins = alike(table, column);
  let [best, most] = [undefined as number | undefined, -1];
  for (const other of columns.keys()) {
    const places = placesIn(table, other);
    if (other === column || places.every((place) => place === undefined)) continue;
    const total = bins.reduce(
      (sum, bin) => sum + Math.abs(correlation(bin.map((n) => [relevance[n]![column]!, places[n] ?? 0] as const))),
      0,
    );
    if (total > most + 1e-9) [best, most] = [other, total];
  }
  return best;
};

const alike = ({ given }: RowsTable, column: number): readonly (readonly number[])[] => {
  const sorted = given.flatMap((row, n) => (typeof row[column] === "number" ? [n] : []));
  sorted.sort((a, b) => (given[a]![column] as number) - (given[b]![column] as number));
  const size = Math.max(4, Math.ceil(sorted.length / BINS));
  const bins = Array.from({ length: Math.ceil(sorted.length / size) }, (_, k) => sorted.slice(k * size, (k + 1) * size));
  const texts = new Map<string, number[]>();
  for (const [n, row] of given.entries()) {
    const what = row[column];
    if (typeof what === "string") texts.set(what, [...(texts.get(what) ?? []), n]);
  }
  return [...bins, ...texts.values()];
};

const correlation = (pairs: readonly (readonly [number, number])[]): number => {
  const mean = (k: 0 | 1) => pairs.reduce((sum, pair) => sum + pair[k], 0) / pairs.length;
  const [a, b] = [mean(0), mean(1)];
  const sum = (f: (x: number, y: number) => number) => pairs.reduce((all, [x, y]) => all + f(x - a, y - b), 0);
  const scale = Math.sqrt(sum((x) => x * x) * sum((_, y) => y * y));
  return scale === 0 ? 0 : sum((x, y) => x * y) / scale;
};
