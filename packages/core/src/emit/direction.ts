/**
 * A direction v that is fed: any weighting of the explained value's numbers (the pixels of a region, the tokens of a span, a box's
 * coordinate) is one. v = ∂(explained score)/∂z, shaped like the explained value; the recipe's start says how it enters.
 */
import { flowOf } from "../compiled/index.ts";
import type { Builder } from "../graph/builder.ts";
import { type ResolvedRecipe, usualStart } from "../plan/recipe.ts";
import { type Flow, full, pair } from "./flow.ts";
import type { Logits } from "./logits.ts";

/** What `explained_target` says of what has no index. */
const NO_INDEX = -2;

export interface Direction {
  readonly seed: Flow;
  /** int64 [N] */
  readonly explained: string;
  /** Of DeepLIFT: Σ v z at the input and at the reference, [N, 2]. */
  readonly scores?: string;
}

/** `v`: as the start value is; `flat`: the same as rows of samples. */
export const directionOf = (
  g: Builder,
  recipe: ResolvedRecipe,
  logits: Logits,
  { v, flat }: { readonly v: string; readonly flat: string },
): Direction => {
  const rows = g.op("Shape", [logits.flat], { start: 0, end: 1 });
  const product = flowOf(recipe) === "relevance" && (recipe.start ?? usualStart(recipe.seed)) === "product";
  const scoreAt = (value: string) => g.op("Reshape", [g.reduceSum(g.mul(flat, value), [-1]), g.ints([-1, 1])]);
  const scores = logits.twin === undefined ? undefined : g.op("Concat", [logits.flat, logits.twin].map(scoreAt), { axis: 1 });
  return {
    seed: product ? pair(logits.start, v) : full(v),
    explained: g.op("Expand", [g.ints([NO_INDEX]), rows]),
    ...(scores !== undefined && { scores }),
  };
};
