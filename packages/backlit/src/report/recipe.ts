import type { ResolvedRecipe } from "@backlit/core";

/** A recipe in a few words: composite or method, seed, and the score where it is no logit. */
export const describeRecipe = ({ method, composite, seed, score }: ResolvedRecipe): string =>
  [
    method === "lrp" ? (composite ?? "its own rules") : method,
    `seed ${typeof seed === "object" ? `contrastive:${seed.contrast}` : seed}`,
    ...(score === "probability" ? ["score probability"] : []),
  ].join(", ");
