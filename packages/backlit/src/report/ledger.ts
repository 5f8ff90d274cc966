/** The ledger in a few lines: what reached the input, and where the rest went. */
import type { Cause, Ledger } from "@backlit/core";
import { amount, percent } from "./numbers.ts";

export interface Keeper {
  readonly node: string;
  readonly op: string;
  readonly rule: string;
  /** Relevance in minus relevance out; negative where a node adds some. */
  readonly kept: number;
}

export interface LedgerSummary {
  readonly seed: number;
  readonly arrived: number;
  readonly lost: Readonly<Partial<Record<Cause, number>>>;
  /** What no cause explains, and what --strict allows. */
  readonly rest: number;
  readonly tolerance: number;
  /** The nodes where most was kept, or added. */
  readonly keepers: readonly Keeper[];
}

export const summarize = ({ seed, arrived, lost, rest, tolerance, entries }: Ledger, keepers = 3): LedgerSummary => ({
  seed,
  arrived,
  lost,
  rest,
  tolerance,
  keepers: entries
    .map(({ node, op, rule, in: given, out }) => ({ node, op, rule, kept: given - out }))
    .filter(({ kept }) => Math.abs(kept) > tolerance)
    .sort((a, b) => Math.abs(b.kept) - Math.abs(a.kept))
    .slice(0, keepers),
});

/** Lines for a person: shares of the seed. */
export const ledgerLines = ({ seed, arrived, lost, keepers }: LedgerSummary): string[] => {
  const share = (value: number) => (seed === 0 ? amount(value) : percent(value / seed));
  const causes = Object.entries(lost)
    .sort(([, a], [, b]) => Math.abs(b) - Math.abs(a))
    .filter(([, value]) => seed === 0 || Math.abs(value / seed) >= 5e-4)
    .map(([cause, value]) => `${cause} ${share(value)}`);
  return [
    `of a seed of ${amount(seed)}, ${share(arrived)} reached the input`,
    ...(causes.length ? [`the rest: ${causes.join(", ")}`] : []),
    ...keepers.map(
      ({ node, op, rule, kept }) =>
        `${share(Math.abs(kept)).padStart(7)} ${kept < 0 ? "added" : "kept"} by ${node} (${op}, ${rule})`,
    ),
  ];
};
