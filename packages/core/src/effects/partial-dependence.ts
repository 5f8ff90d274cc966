/** Partial dependence (Friedman 2001) with the lines of single rows, individual conditional expectation (Goldstein et al. 2015). */
import { type DependenceGrid, gridOf } from "./grid.ts";
import { type Ask, type Cell, cellsOf, isOrdered, type TableCells, type TableFeature } from "./table.ts";

export interface PartialDependenceOptions extends DependenceGrid {
  /** Rows whose own lines are kept, spread evenly over the table; default 50. */
  readonly lines?: number;
}

export interface PartialDependence {
  readonly kind: "pdp";
  readonly feature: string;
  /** The feature is one column of numbers. */
  readonly ordered: boolean;
  /** [points][columns of the feature] */
  readonly points: readonly (readonly Cell[])[];
  /** Mean of f over all rows with the feature at that point, [outputs][points]. */
  readonly mean: readonly (readonly number[])[];
  /** The rows of `lines`, and f of each, [outputs][rows][points]. */
  readonly rows: readonly number[];
  readonly lines: readonly (readonly (readonly number[])[])[];
  /** Where rows have no value: how many, and the mean of f over all rows without one, [outputs]. */
  readonly missing?: { readonly rows: number; readonly mean: readonly number[] };
}

/** PD(z) = 1/n Σ f(z, x_rest) over the rows of the table: what f is on average when the feature is z for everybody. */
export const partialDependence = async (
  table: TableCells,
  feature: TableFeature,
  ask: Ask,
  { lines = 50, ...grid }: PartialDependenceOptions = {},
): Promise<PartialDependence> => {
  const cells = cellsOf(table, feature);
  const points = gridOf(cells, grid);
  const count = Math.min(lines, table.length);
  const rows = Array.from({ length: count }, (_, k) => Math.floor((k * table.length) / count));
  const at = (point: readonly Cell[]) =>
    ask(
      feature.columns,
      table.map((_, row) => ({ row, cells: point })),
    );
  const asked: { readonly mean: readonly number[]; readonly own: readonly (readonly number[])[] }[] = [];
  for (const point of points) {
    const scores = await at(point);
    asked.push({ mean: meanOf(scores), own: rows.map((row) => scores[row]!) });
  }
  const outputs = asked[0]!.mean.map((_, output) => output);
  const without = table.findIndex((_, row) => cells[row] === undefined);
  const missing = without < 0 ? undefined : meanOf(await at(feature.columns.map((column) => table[without]![column]!)));
  return {
    kind: "pdp",
    feature: feature.name,
    ordered: isOrdered(cells),
    ...{ points, rows },
    mean: outputs.map((output) => asked.map((one) => one.mean[output]!)),
    lines: outputs.map((output) => rows.map((_, i) => asked.map(({ own }) => own[i]![output]!))),
    ...(missing && { missing: { rows: cells.filter((own) => own === undefined).length, mean: missing } }),
  };
};

const meanOf = (scores: readonly (readonly number[])[]): readonly number[] =>
  scores[0]!.map((_, output) => scores.reduce((sum, row) => sum + row[output]!, 0) / scores.length);
