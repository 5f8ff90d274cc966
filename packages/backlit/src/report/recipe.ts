import type { MethodRecipe, ResolvedRecipe } from "@backlit/core";

/** A recipe in a few words: composite or method, seed or parameters, and the score where it is no logit. */
export const describeRecipe = (recipe: ResolvedRecipe | MethodRecipe): string =>
  [
    ...("rules" in recipe
      ? compiled(recipe)
      : [recipe.method, ...Object.entries(recipe.params).map(([key, v]) => `${key} ${v}`)]),
    ...(recipe.score === "logit" ? [] : [`score ${recipe.score}`]),
  ].join(", ");

const compiled = ({ method, composite, seed }: ResolvedRecipe): string[] => [
  method === "lrp" ? (composite ?? "its own rules") : method,
  `seed ${typeof seed === "object" ? `contrastive:${seed.contrast}` : seed}`,
];
