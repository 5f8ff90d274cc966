/** Tree SHAP as nodes: from what is explained back to the trees, from the trees straight to the columns of what is explained. */
import type { PlannedTrees } from "../../plan/trees/index.ts";
import { waysOf } from "../../trees/index.ts";
import { byColumn } from "../by-column.ts";
import { type Flow, full } from "../flow.ts";
import { backgroundOf } from "./background.ts";
import { blockSize, blocksOf, type NumberedWay } from "./blocks.ts";
import { matrixOf, pairsOf } from "./interactions.ts";
import { leafTable } from "./leaves.ts";
import { type Play, playOf } from "./play.ts";
import { adder, blockOf, counted, valuesOf } from "./shapley.ts";
import type { ShapleySite } from "./site.ts";

export interface Shapley {
  /** Of each explained value. */
  readonly at: ReadonlyMap<string, Flow>;
  /** [N, 2]: the explained score, and its mean over the background. */
  readonly scores: string;
  /** [N, players, players], where they are asked for. */
  readonly interactions?: string;
}

/** Pairs of players take that much more room. */
const PAIRS = 16;

/** `directions`: what is explained, [N, values of the start] each. A block of leaves serves all of them before the next one is begun. */
export const shapleyFlows = (site: ShapleySite, directions: readonly string[]): readonly Shapley[] => {
  const { g, plan, background } = site;
  const { trees, players } = plan.trees!;
  const interactions = plan.recipe.params.interactions === true;
  const plays = directions.map((v) => playOf(site, v));
  for (const one of trees) {
    const x = one.node.input[0]!;
    const rows = g.op("Concat", [x, background.reference.of(x)], { axis: 0 });
    const game = { g, splits: one.ensemble.splits, columns: g.transpose(rows, [1, 0]), background: background.rows };
    const all = waysIn(one);
    const most = blockSize(all.length, background.rows);
    for (const ways of blocksOf(all, background.rows, interactions ? most / PAIRS : most)) {
      const block = blockOf(game, ways);
      const owners = ways.map(({ conditions }) => conditions.map(({ player }) => player));
      const add = adder(g, owners.flat());
      const both = () => owners.flatMap((own) => own.flatMap((p) => own.map((q) => p * players + q)));
      const addPairs = interactions ? adder(g, both()) : undefined;
      const tables = new Map(one.cuts.map((name) => [name, leafTable(site, one, name, ways)]));
      for (const play of plays) {
        const values = play.values(one, tables);
        if (values === undefined) continue;
        const own = counted(g, block, play.counts);
        play.totals = g.add(play.totals, add(play.zeros, valuesOf(g, own, values)));
        if (addPairs !== undefined) play.pairs = addPairs(play.pairs, pairsOf(g, own, values, owners[0]!.length));
      }
    }
  }
  return plays.map((play) => finished(site, play, interactions));
};

const finished = ({ g, plan }: ShapleySite, { totals, pairs, scores }: Play, interactions: boolean): Shapley => {
  const rows = g.transpose(totals, [1, 0]);
  const at = new Map(plan.explained.map((name) => [name, full(byColumn(g, rows, name, plan.trees!))]));
  return { at, scores, ...(interactions && { interactions: matrixOf(g, pairs, rows, plan.trees!.players) }) };
};

/** Leaves that say nothing need no place, unless something else is made of them. */
const waysIn = ({ ensemble, playerOf, inner }: PlannedTrees): readonly NumberedWay[] =>
  waysOf(ensemble, playerOf).flatMap((way, number) => {
    const silent = inner.length === 0 && way.leaf.values.every((v) => v === 0);
    return way.conditions.length === 0 || silent ? [] : [{ ...way, number }];
  });

export { backgroundOf };
