/** Reading the ledger: where the relevance of one explanation went. */
import { CAUSES, type Cause, COLUMNS, HEAD_ROW, type LedgerRow } from "../emit/index.ts";
import { fail } from "../errors.ts";
import type { Tensor } from "../runtime/runtime.ts";

export interface LedgerEntry extends LedgerRow {
  readonly in: number;
  readonly out: number;
  readonly causes: Readonly<Partial<Record<Cause, number>>>;
  /** in − out − Σ causes: what no cause explains. */
  readonly rest: number;
}

export interface Ledger {
  /** From the output to the input. */
  readonly entries: readonly LedgerEntry[];
  /** Relevance put at the output. */
  readonly seed: number;
  /** Relevance that reached what is explained. */
  readonly arrived: number;
  readonly lost: Readonly<Partial<Record<Cause, number>>>;
  /** seed − arrived − Σ lost. */
  readonly rest: number;
  /** What --strict allows: 1e-4 of the largest sum on the way. */
  readonly tolerance: number;
}

const STRICT = 1e-4;

/** One ledger per explained map: N, or N·K with several targets. `arrived` and `size` (Σ|R|) are those of the relevance itself. */
export const readLedgers = (
  table: Tensor,
  rows: readonly LedgerRow[],
  maps: readonly { readonly sum: number; readonly size: number }[],
): readonly Ledger[] => {
  const cells = table.data as Float32Array;
  const width = COLUMNS.length;
  return maps.map(({ sum, size }, map) => {
    const entries = rows.map((row, r): LedgerEntry => {
      const at = (map * rows.length + r) * width;
      const value = (column: (typeof COLUMNS)[number]) => cells[at + COLUMNS.indexOf(column)]!;
      const causes = Object.fromEntries(
        CAUSES.map((cause) => [cause, value(cause)]).filter(([, v]) => v !== 0),
      ) as LedgerEntry["causes"];
      const explained = Object.values(causes).reduce((a, b) => a + b, 0);
      return { ...row, in: value("in"), out: value("out"), causes, rest: value("in") - value("out") - explained };
    });
    const lost: Partial<Record<Cause, number>> = {};
    const head = entries[0]?.op === HEAD_ROW; // its bias is outside the seed
    for (const { causes } of head ? entries.slice(1) : entries)
      for (const [cause, v] of Object.entries(causes)) lost[cause as Cause] = (lost[cause as Cause] ?? 0) + v;
    const seed = (head ? entries[0]?.out : entries[0]?.in) ?? sum;
    const rest = seed - sum - Object.values(lost).reduce((a, b) => a + b, 0);
    const largest = entries.reduce((m, e) => Math.max(m, Math.abs(e.in), Math.abs(e.out)), Math.max(Math.abs(seed), size));
    return { entries, seed, arrived: sum, lost, rest, tolerance: STRICT * largest };
  });
};

/** Throws "NotConserved" when a ledger does not add up. */
export const checkConserved = (ledger: Ledger): void => {
  if (Math.abs(ledger.rest) <= ledger.tolerance) return;
  const worst = ledger.entries.reduce((a, b) => (Math.abs(b.rest) > Math.abs(a.rest) ? b : a));
  throw fail("NotConserved", {
    what: `relevance ${ledger.rest.toPrecision(3)} of a seed of ${ledger.seed.toPrecision(3)} is unexplained`,
    where: `most of it at node '${worst.node}' (${worst.op}, ${worst.rule})`,
    why: `strict allows ${ledger.tolerance.toPrecision(2)}`,
  });
};
