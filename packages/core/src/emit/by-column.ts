/** Values of players as a map of the explained value. */
import type { Builder } from "../graph/builder.ts";
import { maxOf } from "../numeric/extremes.ts";
import type { Columns } from "../plan/players.ts";

/** `rows` [N, players]. Of a category the number that says yes in this row has all of it; the first one where none does. */
export const byColumn = (g: Builder, rows: string, name: string, { columns, players }: Columns): string => {
  const own = columns.get(name)!;
  const shape = g.facts.shapeOf(name);
  const width = own.length;
  const whole = own.length === players && own.every((player, k) => player === k);
  const taken = whole ? rows : g.op("Gather", [rows, g.ints(own)], { axis: 1 });
  const several = own.some((player, k) => own.indexOf(player) !== k);
  const shared = several ? g.mul(taken, holding(g, g.op("Reshape", [name, g.ints([-1, width])]), own)) : taken;
  return shape.length === 2 ? shared : g.reshape(shared, shape, name);
};

/** Of the numbers of each player one is 1: the first of the largest. */
const holding = (g: Builder, flat: string, own: readonly number[]): string => {
  const groups = [...new Set(own)].map((player) => own.flatMap((other, k) => (other === player ? [k] : [])));
  const most = maxOf(groups.map((group) => group.length));
  const padded = groups.flatMap((group) => Array.from({ length: most }, (_, k) => group[k] ?? group[0]!));
  const index = g.op("Reshape", [g.ints(padded), g.ints([groups.length, most])]);
  const members = g.op("Gather", [flat, index], { axis: 1 }); // [N, groups, most]
  const best = g.op("ArgMax", [members], { axis: 2, keepdims: 0 }); // [N, groups]
  const place = g.ints(own.map((player, k) => groups.find((group) => own[group[0]!] === player)!.indexOf(k)));
  const groupOf = g.ints(own.map((player) => groups.findIndex((group) => own[group[0]!] === player)));
  return g.mask(g.op("Equal", [g.op("Gather", [best, groupOf], { axis: 1 }), place]));
};
