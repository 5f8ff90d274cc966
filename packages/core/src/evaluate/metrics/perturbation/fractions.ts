/** Shares of the input at which a metric looks. */

import type { MethodParameter } from "../../../cards/parameters.ts";
import { fail } from "../../../errors.ts";

export const fractionsParameter = (fallback: string): MethodParameter => ({
  what: "shares of the units, ascending, split by commas",
  default: fallback,
});

/** Errors: BadRecipe. */
export const fractionsOf = (text: unknown): readonly number[] => {
  const shares = String(text)
    .split(",")
    .map((part) => (part.trim() === "" ? Number.NaN : Number(part)));
  if (shares.every((share, i) => share >= 0 && share <= 1 && (i === 0 || share > shares[i - 1]!))) return shares;
  throw fail("BadRecipe", { what: `fractions '${text}'`, fix: "ascending shares between 0 and 1, as in 0.1,0.5,0.9" });
};
