/** What a value behind trees is at their leaves. */
import { nodesBehind } from "../../graph/between.ts";
import { sizeOf } from "../../graph/facts.ts";
import type { PlannedTrees } from "../../plan/trees/index.ts";
import { Reference } from "../reference.ts";
import type { NumberedWay } from "./blocks.ts";
import type { ShapleySite } from "./site.ts";

/** [L, numbers in a row]: the leaves' own values, or what the nodes behind a single tree make of them. */
export const leafTable = (
  { g, graph }: ShapleySite,
  { node, ensemble, inner }: PlannedTrees,
  name: string,
  ways: readonly NumberedWay[],
): string => {
  const { leaves, outputs, base } = ensemble;
  const table = (rows: readonly (readonly number[])[]) =>
    g.tensor("leaves", { type: "float32", dims: [rows.length, outputs], data: Float32Array.from(rows.flat()) });
  if (inner.length === 0) return table(ways.map(({ leaf }) => leaf.values));
  const scores = node.output.at(-1)!;
  const all = table(leaves.map(({ values }) => values.map((v, k) => v + base[k]!)));
  const made = new Reference(g, nodesBehind(graph, [scores]), new Map([[scores, all]])).of(name);
  const width = sizeOf(g.facts.shapeOf(name).slice(1)) ?? -1;
  const data = BigInt64Array.from(ways, ({ number }) => BigInt(number));
  const picked = g.tensor("block", { type: "int64", dims: [ways.length], data });
  return g.op("Gather", [g.op("Reshape", [made, g.ints([leaves.length, width])]), picked], { axis: 0 });
};
