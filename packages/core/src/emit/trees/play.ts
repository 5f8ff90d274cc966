/** One class that is explained: what a leaf's value is worth to it, and what its players have been given so far. */
import type { PlannedTrees } from "../../plan/trees/index.ts";
import { Tail } from "../tail.ts";
import { scoredOf } from "./rows.ts";
import type { ShapleySite } from "./site.ts";

export interface Play {
  /** How often each background row counts, [N, background]; undefined: once. */
  readonly counts?: string;
  /** [N, 2]: the explained score, and its mean over the background. */
  readonly scores: string;
  /** [players, N] */
  readonly zeros: string;
  /** [players, N], and [players · players, N] of pairs: growing. */
  totals: string;
  pairs: string;
  /** What leaves add to the mean over the background, [L, N]; `tables`: what each cut is at the leaves. */
  values(trees: PlannedTrees, tables: ReadonlyMap<string, string>): string | undefined;
}

/** `v`: the direction that is explained, [N, values of the start]. */
export const playOf = (site: ShapleySite, v: string): Play => {
  const { g, plan, logits, background } = site;
  const { trees, linear, waist, players } = plan.trees!;
  const scored = scoredOf(g, plan, logits, v, background);
  const one = () => g.add(g.scale(waist!, 0), g.floats(1));
  const tail = waist === undefined ? new Tail(g, plan.start, logits.unflatten(v)) : new Tail(g, waist, one());
  for (const step of [...linear].reverse()) tail.through(step);
  const slopes = new Map<string, string>();
  for (const name of trees.flatMap(({ cuts }) => cuts)) {
    const slope = tail.take(name);
    if (slope !== undefined) slopes.set(name, g.transpose(g.op("Reshape", [slope, g.ints([0, -1])]), [1, 0]));
  }
  const count = g.op("Shape", [logits.flat], { start: 0, end: 1 });
  const zeros = (lines: number) => g.op("Expand", [g.floats([0], [1, 1]), g.op("Concat", [g.ints([lines]), count], { axis: 0 })]);
  const there = g.scale(g.reduceSum(scored.z, [1]), 1 / background.rows);
  return {
    scores: g.op("Concat", [scored.x, there], { axis: 1 }),
    zeros: zeros(players),
    totals: zeros(players),
    pairs: zeros(players * players),
    values: ({ cuts }, tables) => {
      const parts = cuts.flatMap((name) => (slopes.has(name) ? [g.op("MatMul", [tables.get(name)!, slopes.get(name)!])] : []));
      return parts.length === 0 ? undefined : g.scale(g.sum(parts), 1 / background.rows);
    },
    ...(scored.counts !== undefined && { counts: scored.counts }),
  };
};
