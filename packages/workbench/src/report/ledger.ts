/** The ledger in a few lines: what reached the input, and where the rest went. */
import { type Cause, HEAD_ROW, type Ledger } from "@backlit/core";
import type { ExplainedMap } from "../rows/explained.ts";
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
  /** What shares are shares of: Σ|R| as relevance leaves the head, with the seed's sign; the seed, where it does not enter there. */
  readonly of: number;
  /** What belongs to the head's own bias and to addends behind it, which is no part of the seed. */
  readonly head?: number;
  readonly arrived: number;
  readonly lost: Readonly<Partial<Record<Cause, number>>>;
  /** What no cause explains, and what --strict allows. */
  readonly rest: number;
  readonly tolerance: number;
  /** The numbers are sums over all samples. */
  readonly wholeBatch?: true;
  /** The nodes where most was kept, or added. */
  readonly keepers: readonly Keeper[];
}

/** Σ|R| as relevance leaves the head, with the seed's sign. */
export const shareBase = ({ seed }: Ledger, { leaving }: Pick<ExplainedMap, "leaving">): number =>
  leaving === undefined ? seed : leaving * (seed < 0 ? -1 : 1);

/** The ledger in few numbers: what arrived, what was lost to what, and the `keepers` nodes that keep most. */
export const summarize = (ledger: Ledger, map: Pick<ExplainedMap, "leaving"> = {}, keepers = 3): LedgerSummary => {
  const { seed, arrived, lost, rest, tolerance, wholeBatch, entries } = ledger;
  const head = entries.find(({ op }) => op === HEAD_ROW);
  return {
    seed,
    of: shareBase(ledger, map),
    ...(head?.causes.bias !== undefined && { head: head.causes.bias }),
    arrived,
    lost,
    rest,
    tolerance,
    ...(wholeBatch && { wholeBatch }),
    keepers: entries
      .filter((entry) => entry !== head)
      .map(({ node, op, rule, in: given, out }) => ({ node, op, rule, kept: given - out }))
      .filter(({ kept }) => Math.abs(kept) > tolerance)
      .sort((a, b) => Math.abs(b.kept) - Math.abs(a.kept))
      .slice(0, keepers),
  };
};

/** Lines for a person: shares of the seed. */
export const ledgerLines = ({ seed, of, head, arrived, lost, wholeBatch, keepers }: LedgerSummary): string[] => {
  const batch = wholeBatch ? ", over the whole batch" : "";
  const share = (value: number) => (of === 0 ? amount(value) : percent(value / of));
  const causes = Object.entries(lost)
    .sort(([, a], [, b]) => Math.abs(b) - Math.abs(a))
    .filter(([, value]) => of === 0 || Math.abs(value / of) >= 5e-4)
    .map(([cause, value]) => `${cause} ${share(value)}`);
  return [
    Math.abs(of - seed) <= 1e-3 * Math.abs(of)
      ? `of a seed of ${amount(seed)}, ${share(arrived)} reached the input${batch}`
      : `a seed of ${amount(seed)} out of ${amount(Math.abs(of))} for and against: ${share(arrived)} of that reached the input${batch}`,
    ...(head === undefined ? [] : [`the head's own bias, ${amount(head)}, is no part of it`]),
    ...(causes.length ? [`the rest: ${causes.join(", ")}`] : []),
    ...keepers.map(
      ({ node, op, rule, kept }) =>
        `${share(Math.abs(kept)).padStart(7)} ${kept < 0 ? "added" : "kept"} by ${node} (${op}, ${rule})`,
    ),
  ];
};
