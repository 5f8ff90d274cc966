/** Permutation importance (Breiman 2001; Fisher et al. 2019): how much worse a model does when a feature's values are dealt out anew among the rows. */
import { randomBy } from "../numeric/random.ts";
import type { Scorer } from "./scorers.ts";
import type { Ask, TableCells, TableFeature } from "./table.ts";

export interface PermutationTask {
  readonly table: TableCells;
  readonly features: readonly TableFeature[];
  /** Classes by their places, or numbers. */
  readonly right: readonly number[];
  readonly scorer: Scorer;
  /** Default 10. */
  readonly repeats?: number;
  /** Of the random orders; default 0. */
  readonly seed?: number;
  /** Row n gets the feature's cells of row order[n]; default: by `seed`. */
  readonly order?: (feature: number, repeat: number) => ArrayLike<number>;
}

export interface FeatureImportance {
  readonly feature: string;
  /** Score of the untouched table less that of each repeat. */
  readonly drops: readonly number[];
  readonly mean: number;
  /** Standard deviation over the repeats. */
  readonly deviation: number;
}

export interface PermutationImportance {
  /** Of the untouched table. */
  readonly score: number;
  readonly features: readonly FeatureImportance[];
}

/** The features of a model that never reads them have 0; those that hurt it less than 0. */
export const permutationImportance = async (
  { table, features, right, scorer, repeats = 10, seed = 0, order }: PermutationTask,
  ask: Ask,
): Promise<PermutationImportance> => {
  const random = randomBy(seed);
  const dealt = order ?? ((feature, repeat) => random.stream(feature, repeat).permutation(table.length));
  const plain = await ask(
    [],
    table.map((_, row) => ({ row, cells: [] })),
  );
  const score = scorer.score(plain, right);
  const found: FeatureImportance[] = [];
  for (const [f, { name, columns }] of features.entries()) {
    const drops: number[] = [];
    for (let repeat = 0; repeat < repeats; repeat++) {
      const from = dealt(f, repeat);
      const asked = table.map((_, row) => ({ row, cells: columns.map((column) => table[from[row]!]![column]!) }));
      drops.push(score - scorer.score(await ask(columns, asked), right));
    }
    const mean = drops.reduce((a, b) => a + b, 0) / repeats;
    const deviation = Math.sqrt(drops.reduce((sum, drop) => sum + (drop - mean) ** 2, 0) / repeats);
    found.push({ feature: name, drops, mean, deviation });
  }
  return { score, features: found };
};
