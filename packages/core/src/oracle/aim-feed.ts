/** Directions of many rows, for passes that start from one. */
import type { Recipe } from "../plan/index.ts";
import type { Aim } from "./aim.ts";
import { aimDirection, isSteady, type Slope } from "./aim-direction.ts";
import type { Score, Scoring } from "./score.ts";

/** The recipe with a fed direction in the place of its seed, and what that direction is the slope of. */
export const directionRecipe = (recipe: Recipe, score: Score): { readonly recipe: Recipe; readonly slope: Slope } => {
  const { seed } = recipe;
  const slope = score === "probability" ? score : typeof seed === "string" && isSlope(seed) ? seed : score;
  // Where relevance starts as v ⊙ z or as v is decided by the rules, as for a class.
  const relevance = recipe.composite !== undefined || recipe.rules !== undefined;
  const start = relevance && recipe.start === undefined ? { start: "fitting" as const } : {};
  return { recipe: { ...recipe, ...start, score: "logit", seed: "direction" }, slope };
};

const SLOPES = ["one", "logit", "log-odds", "half-log-odds", "contrastive"] as const;
const isSlope = (seed: string): seed is (typeof SLOPES)[number] => (SLOPES as readonly string[]).includes(seed);

interface Directions {
  /** v is the same wherever a sample is moved. */
  readonly steady: boolean;
  /** Takes note of a row's own values, where v hangs on them. */
  at(row: number, values: Float32Array, sample: number): void;
  of(row: number, sample: number): Float32Array;
}

export const directions = (
  aims: readonly Aim[],
  slope: Slope,
  { sizes, scoring }: { readonly sizes: readonly number[]; readonly scoring: Scoring },
): Directions => {
  const known = new Map<number, Float32Array>();
  const score: Score =
    slope === "probability" || slope === "log-odds" ? slope : slope === "logit" || slope === "one" ? "logit" : "log-odds";
  const steady = aims.every((aim) => isSteady(aim, score, scoring));
  const width = sizes.reduce((a, b) => a * b, 1);
  return {
    steady,
    at: (row, values, sample) => {
      known.set(row, aimDirection(values, sizes, aims[sample]!, slope, scoring));
    },
    of: (row, sample) => {
      const key = steady ? sample : row;
      const made = known.get(key) ?? aimDirection(new Float32Array(width), sizes, aims[sample]!, slope, scoring);
      known.set(key, made);
      return made;
    },
  };
};
