/** Where the relevance went, over all samples. */
import {
  append,
  type EvaluationData,
  type Explainer,
  type ExplainOptions,
  fail,
  type Ledger,
  maxOf,
  quantileOf,
} from "@backlit/core";
import type { LedgerStatistics, Quantiles } from "./document.ts";

const LAYERS = 5;

/** `targets`: the class of each sample, or words for all; undefined: what is explained when nobody says. Errors: those of `explain`. */
export const ledgersOf = async (
  lit: Explainer,
  data: EvaluationData,
  choices: Omit<ExplainOptions, "signal">,
  targets: readonly (readonly number[])[] | string | number | undefined,
  { signal, onSamples }: { readonly signal?: AbortSignal; onSamples(done: number): void },
): Promise<readonly Ledger[]> => {
  const { target: _, ...options } = choices;
  const { chunk = 16 } = data;
  const ledgers: Ledger[] = [];
  for (let from = 0; from < data.count; from += chunk) {
    if (signal?.aborted) throw fail("Aborted", { what: "stopped" });
    const { x, names } = await data.read(from, Math.min(chunk, data.count - from));
    const target = Array.isArray(targets) ? targets.slice(from, from + names.length) : targets;
    const asked = { ...options, ...(target !== undefined && { target: target as string | number }) };
    const { ledger } = await lit.explain(x, { ...asked, ledger: true, ...(signal && { signal }) });
    append(ledgers, ledger!);
    onSamples(ledgers.length);
  }
  return ledgers;
};

/** Of samples whose seed is 0 there are no shares: they are left out. */
export const ledgerStatistics = (all: readonly Ledger[]): LedgerStatistics => {
  const ledgers = all.filter(({ seed }) => seed !== 0);
  const shares = (of: (ledger: Ledger) => number) => ledgers.map((ledger) => of(ledger) / ledger.seed);
  const causes = [...new Set(ledgers.flatMap(({ lost }) => Object.keys(lost)))] as (keyof Ledger["lost"])[];
  const rests = all.map(({ rest, tolerance }) =>
    tolerance > 0 ? Math.abs(rest) / tolerance : Math.abs(rest) > 0 ? Infinity : 0,
  );
  const entries = ledgers[0]?.entries ?? [];
  const layers = entries.map(({ node, op, rule }, i) => {
    const kept = shares(({ entries: own }) => own[i]!.in - own[i]!.out);
    return { node, op, rule, kept: quantilesOf(kept), size: quantilesOf(kept.map(Math.abs)).median };
  });
  return {
    n: ledgers.length,
    arrived: quantilesOf(shares(({ arrived }) => arrived)),
    causes: Object.fromEntries(causes.map((cause) => [cause, quantilesOf(shares(({ lost }) => lost[cause] ?? 0))])),
    layers: layers
      .sort((a, b) => b.size - a.size)
      .filter(({ size }) => size > 1e-4)
      .slice(0, LAYERS)
      .map(({ size: _, ...layer }) => layer),
    rest: { largest: maxOf(rests, 0), exceeding: rests.filter((rest) => rest > 1).length },
  };
};

export const quantilesOf = (values: readonly number[]): Quantiles => {
  const sorted = Float64Array.from(values).sort();
  const at = (share: number) => quantileOf(sorted, share);
  return { low: at(0.05), lower: at(0.25), median: at(0.5), upper: at(0.75), high: at(0.95) };
};
