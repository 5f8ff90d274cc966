/** What a model does on average when columns of a table are moved: knows no model, only rows and answers. */
export { type AccumulatedEffects, accumulatedEffects } from "./accumulated-effects.ts";
export type { DependenceGrid } from "./grid.ts";
export { type PartialDependence, type PartialDependenceOptions, partialDependence } from "./partial-dependence.ts";
export {
  type FeatureImportance,
  type PermutationImportance,
  type PermutationTask,
  permutationImportance,
} from "./permutation-importance.ts";
export { type Scorer, scorers } from "./scorers.ts";
export type { Ask, AskedRow, Cell, TableCells, TableFeature } from "./table.ts";
