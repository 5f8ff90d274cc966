/**
 * Trees inside DeepLIFT (Chen, Lundberg and Lee 2022, G-DeepSHAP): what arrives at their scores is worth the trees' exact interventional
 * Shapley values of their own columns, row by row against its reference, handed on as multipliers m_i = φ_i/(x_i − x_i′). Where a column
 * is as in the reference it plays no part: both satisfy the same splits.
 */
import { fail } from "../../errors.ts";
import type { Builder } from "../../graph/builder.ts";
import type { Site } from "../../ops/index.ts";
import { ensembleOf, type Way, waysOf } from "../../trees/index.ts";
import { blocksOf, type NumberedWay } from "./blocks.ts";
import { adder, satisfiedBy } from "./shapley.ts";
import { weightTable } from "./weights.ts";

/** Leaves that go through together: [L, players, rows] several times. */
const TOGETHER = 2 ** 12;

/** Multipliers at the trees' columns, [N, features]; `m`: at their scores, [N, outputs]; `reference`: the columns there. */
export const treeMultipliers = ({ g, facts, node }: Site, reference: string, m: string): string => {
  const ensemble = ensembleOf(node);
  const x = node.input[0]!;
  const width = facts.shapeOf(x)[1];
  if (typeof width !== "number")
    throw fail("Unsupported", { what: `rows of '${x}' have no known size`, fix: "fix it with --dim" });
  const ways = waysOf(
    ensemble,
    Array.from({ length: width }, (_, feature) => feature),
  );
  const columns = [x, reference].map((rows) => g.transpose(rows, [1, 0])) as [string, string];
  const slopes = g.transpose(m, [1, 0]);
  const count = g.op("Shape", [x], { start: 0, end: 1 });
  let totals = g.op("Expand", [g.floats([0], [1, 1]), g.op("Concat", [g.ints([width]), count], { axis: 0 })]);
  for (const block of blocksOf(asking(ways), 1, TOGETHER)) {
    const [here, there] = columns.map((own) => satisfiedBy({ g, splits: ensemble.splits, columns: own }, block)) as [
      string,
      string,
    ];
    const leaves = block.flatMap(({ leaf }) => leaf.values);
    const values = g.op("MatMul", [g.floats(leaves, [block.length, ensemble.outputs]), slopes]); // [L, N]
    const owners = block.flatMap(({ conditions }) => conditions.map(({ player }) => player));
    const parts = g.mul(g.op("Unsqueeze", [values, g.ints([1])]), sharesOf(g, here, there, block[0]!.conditions.length));
    totals = adder(g, owners)(totals, g.op("Transpose", [parts], { perm: [0, 2, 1] }));
  }
  const difference = g.sub(x, reference);
  const same = g.mask(g.op("Equal", [difference, g.floats(0)]));
  return g.div(g.transpose(totals, [1, 0]), g.add(difference, same));
};

/** Leaves on no column's way are the same everywhere. */
const asking = (ways: readonly Way[]): readonly NumberedWay[] =>
  ways.flatMap((way, number) =>
    way.conditions.length === 0 || way.leaf.values.every((v) => v === 0) ? [] : [{ ...way, number }],
  );

/** What a leaf of value 1 gives its players, [L, P, N]: nothing where neither row satisfies one of them. */
const sharesOf = (g: Builder, here: string, there: string, players: number): string => {
  const both = g.mul(here, there);
  const [mine, theirs] = [g.sub(here, both), g.sub(there, both)];
  const [a, b] = [g.reduceSum(mine, [1]), g.reduceSum(theirs, [1])];
  const all = g.op("Equal", [g.add(g.add(a, b), g.reduceSum(both, [1])), g.floats(players)]);
  const place = g.op("Where", [all, g.add(g.scale(a, players + 1), b), g.floats(0)]); // at 0 every weight is 0
  const weight = (which: "a" | "b") =>
    g.op("Gather", [g.floats(weightTable(players, which)), g.op("Cast", [place], { to: INT32 })], { axis: 0 });
  return g.sub(g.mul(mine, weight("a")), g.mul(theirs, weight("b")));
};
const INT32 = 6;
