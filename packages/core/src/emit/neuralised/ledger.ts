/**
 * The books of a neuralised model. The seed is o; that the model's own score is another number (it has a bias, and no logarithm) is said
 * in the head's row, outside the seed.
 */
import type { Builder } from "../../graph/builder.ts";
import type { NeuralisedPlan } from "../../plan/neuralised/index.ts";
import { COLUMNS, HEAD_ROW, type LedgerRow, type LedgerTable } from "../ledger.ts";

/** All [N, 1]. */
export interface Books {
  /** What is decomposed. */
  readonly o: string;
  /** The model's own score, and what of it the kernels add up to, where the rest is a bias. */
  readonly score: string;
  readonly sum: string | undefined;
  readonly arrived: string;
  /** At points that are the row itself. */
  readonly lost: string | undefined;
  /** At columns that are not explained. */
  readonly held: string | undefined;
}

export const ledgerOf = (g: Builder, { node }: NeuralisedPlan, books: Books): LedgerTable => {
  const { o, score, sum, arrived, lost, held } = books;
  const bias = sum && g.sub(score, sum);
  const remainder = g.sub(bias === undefined ? score : g.sub(score, bias), o);
  const cells: readonly Partial<Record<(typeof COLUMNS)[number], string | undefined>>[] = [
    { in: score, out: o, bias, remainder },
    { in: o, out: arrived, "no contribution": lost, detached: held },
  ];
  const own = { node: node.name || node.output[0]!, rule: "neuralised" };
  const rows: readonly LedgerRow[] = [
    { ...own, op: HEAD_ROW },
    { ...own, op: node.opType },
  ];
  const zero = g.scale(o, 0);
  const row = (cell: (typeof cells)[number]) =>
    g.op(
      "Concat",
      COLUMNS.map((column) => g.op("Unsqueeze", [cell[column] ?? zero, g.ints([2])])),
      { axis: 2 },
    );
  return { rows, apart: () => true, finish: () => g.op("Concat", cells.map(row), { axis: 1 }) };
};
