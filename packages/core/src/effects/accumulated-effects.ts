/** Accumulated local effects of the first order (Apley and Zhu 2020): columns that go together stay together, unlike in partial dependence. */
import { alikeOrder } from "./alike-order.ts";
import {
  type Ask,
  type AskedRow,
  type Cell,
  cellsOf,
  isOrdered,
  levelKey,
  levelsOf,
  type TableCells,
  type TableFeature,
} from "./table.ts";

export interface AccumulatedEffects {
  readonly kind: "ale";
  readonly feature: string;
  readonly ordered: boolean;
  /** [points][columns of the feature]: the ends of the intervals, or the levels of a category, alike ones beside each other. */
  readonly points: readonly (readonly Cell[])[];
  /** What the feature adds at that point, its mean over the rows 0: [outputs][points]. */
  readonly effect: readonly (readonly number[])[];
  /** Rows in the interval that ends at a point, or at the level. */
  readonly counts: readonly number[];
  /** Rows without a value, which say nothing of the feature. */
  readonly missing: number;
}

/**
 * ALE(z) = Σ over the intervals up to z of the mean of f(z_k, x_rest) − f(z_{k−1}, x_rest) over the rows in the interval, less its mean over
 * all rows. `intervals`: at most so many, each with about as many rows (default 20); levels of a category are stepped through one by one.
 */
export const accumulatedEffects = async (
  table: TableCells,
  feature: TableFeature,
  ask: Ask,
  { intervals = 20 }: { readonly intervals?: number } = {},
): Promise<AccumulatedEffects> => {
  const cells = cellsOf(table, feature);
  const ordered = isOrdered(cells);
  const steps = ordered ? numberSteps(cells, intervals) : levelSteps(table, feature, cells);
  const effect = accumulated(await differencesOf(steps, feature, ask));
  const { points, counts } = steps;
  const known = counts.reduce((sum, count) => sum + count, 0);
  for (const own of effect) {
    // Along an interval the effect rises evenly: its rows have the mean of both ends.
    const at = (k: number) => (ordered ? (own[k]! + (own[k - 1] ?? own[k]!)) / 2 : own[k]!);
    const mean = counts.reduce((sum, count, k) => sum + count * at(k), 0) / known;
    for (const k of own.keys()) own[k]! -= mean;
  }
  return { kind: "ale", feature: feature.name, ordered, points, effect, counts, missing: table.length - known };
};

interface Steps {
  readonly points: readonly (readonly Cell[])[];
  readonly counts: readonly number[];
  /** For each step between neighbouring points the rows whose difference it is. */
  readonly rows: readonly (readonly number[])[];
}

const numberSteps = (cells: readonly (readonly Cell[] | undefined)[], intervals: number): Steps => {
  const values = cells.map((own) => own?.[0] as number | undefined);
  const sorted = values.filter((value) => value !== undefined).sort((a, b) => a - b);
  const edges = [
    ...new Set(
      Array.from(
        { length: intervals + 1 },
        (_, k) => sorted[Math.max(0, Math.ceil((k / intervals) * sorted.length - 1e-9) - 1)]!,
      ),
    ),
  ];
  const rows: number[][] = edges.slice(1).map(() => []);
  // The first interval has its lower end, too.
  for (const [row, value] of values.entries())
    if (value !== undefined) rows[Math.max(0, edges.findIndex((edge) => value <= edge) - 1)]?.push(row);
  const counts = edges.length === 1 ? [sorted.length] : [0, ...rows.map((own) => own.length)];
  return { points: edges.map((edge) => [edge]), counts, rows };
};

/** A step between two levels is taken by the rows of both. */
const levelSteps = (table: TableCells, feature: TableFeature, cells: readonly (readonly Cell[] | undefined)[]): Steps => {
  const levels = levelsOf(cells);
  const places = new Map(levels.map((level, k) => [levelKey(level), k]));
  const members: number[][] = levels.map(() => []);
  for (const [row, own] of cells.entries()) if (own !== undefined) members[places.get(levelKey(own))!]!.push(row);
  const order = alikeOrder(table, members, feature.columns);
  const rows = order.slice(1).map((level, k) => [...members[order[k]!]!, ...members[level]!]);
  return { points: order.map((k) => levels[k]!), counts: order.map((k) => members[k]!.length), rows };
};

/** Mean differences, [steps][outputs]; undefined for a step that no row takes. */
const differencesOf = async (
  { points, rows }: Steps,
  { columns }: TableFeature,
  ask: Ask,
): Promise<readonly (readonly number[])[]> => {
  const asked = rows.flatMap((own, k): AskedRow[] => [
    ...own.map((row) => ({ row, cells: points[k]! })),
    ...own.map((row) => ({ row, cells: points[k + 1]! })),
  ]);
  // A column that never changes: what f is says how many outputs there are.
  const scores = await ask(columns, asked.length > 0 ? asked : [{ row: 0, cells: points[0]! }]);
  const outputs = scores[0]!;
  if (asked.length === 0) return [outputs.map(() => 0)];
  let from = 0;
  return [
    outputs.map(() => 0), // the first point
    ...rows.map((own) => {
      const [before, after] = [from, from + own.length];
      from = after + own.length;
      return outputs.map((_, output) =>
        own.length === 0
          ? 0
          : own.reduce((sum, _, i) => sum + scores[after + i]![output]! - scores[before + i]![output]!, 0) / own.length,
      );
    }),
  ];
};

/** Sums from the first point on: [outputs][points]. */
const accumulated = (steps: readonly (readonly number[])[]): number[][] =>
  steps[0]!.map((_, output) => {
    let sum = 0;
    return steps.map((own) => (sum += own[output]!));
  });
