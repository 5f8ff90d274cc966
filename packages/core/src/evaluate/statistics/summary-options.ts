/** How sure the statistics are to be, and by how many random numbers. */
import type { Names } from "../../cards/names.ts";
import { fail } from "../../errors.ts";

export interface SummaryOptions {
  /** Of the intervals; default 0.95. */
  readonly confidence?: number;
  /** Of the bootstrap; default 2000. */
  readonly resamples?: number;
  /** Sign patterns of the permutation test above 12 samples; default 9999: with Holm's correction enough for 499 pairs at 0.05. */
  readonly permutations?: number;
  /** Of the random numbers; default 0. */
  readonly seed?: number;
}

export type CheckedOptions = { readonly [K in keyof SummaryOptions]-?: NonNullable<SummaryOptions[K]> };

/** Errors: BadInput. */
export const checkedOptions = ({
  confidence = 0.95,
  resamples = 2000,
  permutations = 9999,
  seed = 0,
}: SummaryOptions): CheckedOptions => {
  if (!(confidence > 0 && confidence < 1)) throw fail("BadInput", { what: `confidence ${confidence}`, fix: "between 0 and 1" });
  for (const [name, count] of Object.entries({ resamples, permutations }))
    if (!Number.isInteger(count) || count < LEAST)
      throw fail("BadInput", { what: `${name} ${count}`, fix: `a whole number from ${LEAST}` });
  return { confidence, resamples, permutations, seed };
};

/** With fewer the tails of an interval are made of single draws. */
const LEAST = 100;

/** Names of these options. */
export const SUMMARY: Names<SummaryOptions> = { confidence: true, resamples: true, permutations: true, seed: true };
