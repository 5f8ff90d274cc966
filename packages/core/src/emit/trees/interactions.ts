/** Shapley interaction values of a block of leaves: of every pair of their players, the half that goes to either side of the diagonal. */
import type { Builder } from "../../graph/builder.ts";
import type { Block } from "./shapley.ts";

/** [L, N, P · P], 0 for a player with itself; `values` [L, N]. */
export const pairsOf = (g: Builder, { x, z, weight }: Block, values: string, players: number): string => {
  const one = g.floats(1);
  const [notX, notZ] = [g.sub(one, x), g.sub(one, z)];
  /** [L, rows, P · P]: p of the first with q of the second. */
  const pairs = (first: string, second: string) =>
    g.op("Reshape", [
      g.mul(g.op("Unsqueeze", [first, g.ints([3])]), g.op("Unsqueeze", [second, g.ints([2])])),
      g.ints([0, -1, players * players]),
    ]);
  const both = g.mul(pairs(x, x), g.op("MatMul", [weight("aa"), pairs(notZ, notZ)]));
  const neither = g.mul(pairs(notX, notX), g.op("MatMul", [weight("bb"), pairs(z, z)]));
  const across = g.mul(pairs(x, notX), g.op("MatMul", [weight("ab"), pairs(notZ, z)]));
  const square = g.op("Reshape", [across, g.ints([0, -1, players, players])]);
  const turned = g.op("Reshape", [g.transpose(square, [0, 1, 3, 2]), g.ints([0, -1, players * players])]);
  const total = g.sub(g.add(both, neither), g.add(across, turned));
  const halves = Array.from({ length: players ** 2 }, (_, k) => (Math.floor(k / players) === k % players ? 0 : 0.5));
  return g.mul(g.op("Unsqueeze", [values, g.ints([2])]), g.mul(total, g.floats(halves)));
};

/** [N, players, players] of pairs [players · players, N] and values [N, players]: what is left of a player's own value stands on the diagonal. */
export const matrixOf = (g: Builder, pairs: string, rows: string, players: number): string => {
  const square = g.op("Reshape", [g.transpose(pairs, [1, 0]), g.ints([-1, players, players])]);
  const own = g.sub(rows, g.reduceSum(square, [2], 0));
  const identity = Array.from({ length: players ** 2 }, (_, k) => (Math.floor(k / players) === k % players ? 1 : 0));
  return g.add(square, g.mul(g.op("Unsqueeze", [own, g.ints([2])]), g.floats(identity, [players, players])));
};
