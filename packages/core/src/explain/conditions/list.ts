/** Several conditions for every sample: conditions are rows of the batch, as many as a batch holds. */
import { fail } from "../../errors.ts";
import { inPieces, type Pieces } from "../pieces.ts";
import type { ExplainOptions, Explanation } from "../types.ts";
import type { Condition } from "./condition.ts";

/** Rows of one run. */
const ROWS = 64;

/** Maps are [N, M, …]; notes, ledgers and sums one for each sample and condition, in that order. Errors: BadRecipe, and those of `explain`. */
export const explainList = async (
  run: Pieces,
  conditions: readonly Condition[],
  { seedVector, ...options }: ExplainOptions,
): Promise<Explanation> => {
  if (conditions.length === 0) throw fail("BadRecipe", { what: "a list without conditions", fix: "name one" });
  const { target } = options;
  return await inPieces(run, { count: conditions.length, rows: ROWS }, ({ from, size, rows, repeated }) => ({
    ...options,
    ...(Array.isArray(target) && target.length > 1 && { target: rows.map((n) => target[n]!) }),
    ...(seedVector && { seedVector: repeated(seedVector) }),
    conditions: size === 1 ? conditions[from]! : rows.map((_, i) => conditions[from + (i % size)]!),
  }));
};
