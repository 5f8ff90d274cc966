/** In which order units are removed. Sorts are stable: of equal scores the lowest unit comes first, in every order. */
import { fail } from "../../errors.ts";

export const ORDERS = ["morf", "lerf", "near-zero-first", "lerf-reversed-morf"] as const;
export type Order = (typeof ORDERS)[number];

/**
 * `morf`: most relevant first (Samek et al. 2017). `lerf`: least relevant first. `near-zero-first`: by |score| (Bach et al. 2015).
 * `lerf-reversed-morf`: MoRF read backward; it differs from `lerf` only where scores tie. Errors: BadRecipe.
 */
export const orderOf = (scores: Float64Array, order: Order): Uint32Array => {
  switch (order) {
    case "morf":
      return sorted(scores, (a) => -a);
    case "lerf":
      return sorted(scores, (a) => a);
    case "near-zero-first":
      return sorted(scores, Math.abs);
    case "lerf-reversed-morf":
      return orderOf(scores, "morf").reverse();
    default:
      throw fail("BadRecipe", { what: `order '${order}'`, fix: `one of ${ORDERS.join(", ")}` });
  }
};

const sorted = (scores: Float64Array, key: (score: number) => number): Uint32Array => {
  const keys = scores.map(key);
  return Uint32Array.from(keys, (_, i) => i).sort((i, j) => keys[i]! - keys[j]! || i - j);
};

/** How many units share a score with one before them. */
export const tiesOf = (scores: Float64Array): number => scores.length - new Set(scores).size;
