/** One backward walk for each explained class, with what looks on: the ledger, the evidence. */
import type { Builder } from "../../graph/builder.ts";
import type { Plan } from "../../plan/index.ts";
import { Evidence } from "../evidence.ts";
import type { Flow } from "../flow.ts";
import { type LedgerTable, LedgerWriter } from "../ledger.ts";
import type { Masks } from "../masking.ts";
import type { Reference } from "../reference.ts";
import type { Along, Layouts } from "../samples.ts";
import type { Start } from "../start.ts";
import { Totals } from "../totals.ts";
import { walk } from "../walk.ts";

interface Asked {
  readonly ledger: boolean;
  readonly evidence: boolean;
  /** The logits, flat: a row a sample. */
  readonly flat: string;
  readonly layouts: Layouts;
  readonly reference: Reference | undefined;
  readonly masks: Masks | undefined;
}

export interface Walks {
  /** Relevance at every value on the path, a map a class. */
  readonly at: readonly ReadonlyMap<string, Flow>[];
  /** A ledger a class, where it is asked for. */
  readonly ledgers: readonly LedgerTable[];
  /** Evidence a class, where it is asked for and start is `direct`: [N, 2]. */
  readonly evidence: readonly string[];
}

export const walksOf = (g: Builder, plan: Plan, { seeds, turned }: Start, asked: Asked): Walks => {
  const { flat, layouts, reference, masks } = asked;
  const gathered: string[] = [];
  const ledgers: LedgerWriter[] = [];
  const at = seeds.map((seed, k) => {
    const writer = asked.ledger ? new LedgerWriter(g, flat, layouts) : undefined;
    if (writer) ledgers.push(writer);
    const direct = plan.recipe.start === "direct";
    const evidence = asked.evidence && direct ? new Evidence(g, plan, new Totals(g, flat, layouts)) : undefined;
    const found = walk(g, plan, seed, {
      visit: writer?.visit,
      reference,
      entered: (value, v) => {
        writer?.entered(value, v);
        evidence?.entered(value);
      },
      onehot: turned?.[k],
      masks,
      masked: (one) => {
        writer?.masked(one);
        evidence?.masked(one);
      },
    });
    if (evidence) gathered.push(evidence.finish(found));
    return found;
  });
  return { at, ledgers, evidence: gathered };
};

/** Where samples lie in the explained values, as far as the ledgers know them apart. */
export const apartIn = ({ ledgers }: Walks, { of }: Layouts, explained: readonly string[]): ReadonlyMap<string, Along> =>
  new Map(
    explained.flatMap((name) => {
      const along = ledgers.length > 0 && ledgers.every((writer) => writer.apart(name)) ? of.get(name) : undefined;
      return along === undefined ? [] : [[name, along] as const];
    }),
  );
