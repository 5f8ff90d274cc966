import { type MethodRecipe, methods, type ResolvedRecipe } from "@backlit/core";

/** A recipe in a few words: composite or method, seed or parameters that are no defaults, and the score where it is no logit. */
export const describeRecipe = (recipe: ResolvedRecipe | MethodRecipe): string =>
  [
    ...("rules" in recipe ? compiled(recipe) : [recipe.method, ...chosen(recipe)]),
    ...(recipe.score === "logit" ? [] : [`score ${recipe.score}`]),
  ].join(", ");

const compiled = ({ method, composite, seed }: ResolvedRecipe): string[] => [
  method === "lrp" ? (composite ?? "its own rules") : method,
  `seed ${typeof seed === "object" ? `contrastive:${seed.contrast}` : seed}`,
];

const chosen = ({ method, params }: MethodRecipe): string[] =>
  Object.entries(params)
    .filter(([key, value]) => methods[method]?.card.parameters[key]?.default !== value)
    .map(([key, value]) => `${key} ${value}`);
