/** Shapley values of one block of leaves against all background rows, added to the totals of the players. */
import type { Builder } from "../../graph/builder.ts";
import { maxOf } from "../../numeric/extremes.ts";
import type { Split } from "../../trees/index.ts";
import type { NumberedWay } from "./blocks.ts";
import { literalsOf } from "./literals.ts";
import { type Weight, weightTable } from "./weights.ts";

export interface Game {
  readonly g: Builder;
  readonly splits: readonly Split[];
  /** Features × (rows of the batch, then of the background). */
  readonly columns: string;
  /** Rows of the background. */
  readonly background: number;
}

/** What a block of leaves says of rows x and background rows z. */
export interface Block {
  /** [L, N, P]: x satisfies what leaf l asks of its p-th player. */
  readonly x: string;
  /** [L, background, P] */
  readonly z: string;
  /** [L, N, background]: the weight of a leaf with its a and b, 0 where neither satisfies a player. */
  weight(which: Weight): string;
}

/** A block, each of its background rows counted `counts` times, [N, background]. */
export const counted = (g: Builder, block: Block, counts: string | undefined): Block =>
  counts === undefined ? block : { ...block, weight: (which) => g.mul(block.weight(which), counts) };

/** Whether rows satisfy what leaves ask of their players, 0 or 1: [L, P, rows]. All leaves have as many players. */
export const satisfiedBy = ({ g, splits, columns }: Omit<Game, "background">, ways: readonly NumberedWay[]): string => {
  const literals = literalsOf(
    g,
    columns,
    splits,
    ways.flatMap(({ conditions }) => conditions),
  );
  const lines = ways.flatMap(({ conditions }) => conditions.map(literals.linesOf));
  const most = maxOf(lines.map((line) => line.length));
  const at = Int32Array.from(lines.flatMap((line) => Array.from({ length: most }, (_, k) => line[k] ?? literals.always)));
  const players = ways[0]!.conditions.length;
  const index = g.tensor("literals", { type: "int32", dims: [ways.length, players, most], data: at });
  const held = g.reduceSum(g.op("Gather", [literals.lines, index], { axis: 0 }), [2], 0);
  return g.mask(g.op("Greater", [held, g.floats(most - 0.5)]));
};

export const blockOf = (game: Game, ways: readonly NumberedWay[]): Block => {
  const { g, background } = game;
  const players = ways[0]!.conditions.length;
  const satisfied = satisfiedBy(game, ways);
  const rows = (from: number, to: number) =>
    g.op("Transpose", [g.op("Slice", [satisfied, g.ints([from]), g.ints([to]), g.ints([2])])], { perm: [0, 2, 1] });
  const x = rows(0, -background);
  const z = rows(-background, 2 ** 31 - 1);
  const both = g.op("MatMul", [x, g.op("Transpose", [z], { perm: [0, 2, 1] })]);
  const [mine, theirs] = [g.reduceSum(x, [2]), g.op("Transpose", [g.reduceSum(z, [2])], { perm: [0, 2, 1] })];
  const all = g.op("Equal", [g.sub(g.add(mine, theirs), both), g.floats(players)]);
  // a · (P + 1) + b with a = mine − both, b = theirs − both; at 0 every weight is 0.
  const place = g.sub(g.add(g.scale(mine, players + 1), theirs), g.scale(both, players + 2));
  const found = g.op("Cast", [g.op("Where", [all, place, g.floats(0)])], { to: INT32 });
  const weight = (which: Weight) => g.op("Gather", [g.floats(weightTable(players, which)), found], { axis: 0 });
  return { x, z, weight };
};
const INT32 = 6;

/** φ of every leaf's players, [L, N, P]; `values` [L, N]: what a leaf adds to what is explained. */
export const valuesOf = (g: Builder, { x, z, weight }: Block, values: string): string => {
  const one = g.floats(1);
  const fromX = g.mul(x, g.op("MatMul", [weight("a"), g.sub(one, z)]));
  const fromZ = g.mul(g.sub(one, x), g.op("MatMul", [weight("b"), z]));
  return g.mul(g.op("Unsqueeze", [values, g.ints([2])]), g.sub(fromX, fromZ));
};

/** Adds what leaves give to players, [L, N, owners], to totals [players, N]; of pairs likewise. */
export const adder = (g: Builder, owners: readonly number[]): ((totals: string, parts: string) => string) => {
  const index = g.tensor("owners", { type: "int64", dims: [owners.length, 1], data: BigInt64Array.from(owners, BigInt) });
  return (totals, parts) => {
    const flat = g.op("Reshape", [g.op("Transpose", [parts], { perm: [0, 2, 1] }), g.ints([owners.length, -1])]);
    const where = g.op("Expand", [index, g.op("Shape", [flat])]);
    return g.op("ScatterElements", [totals, where, flat], { axis: 0, reduction: "add" });
  };
};
