/**
 * Multipliers through reductions that are no sums, Δy = Σ m Δx exactly:
 *
 *   SumSquare  Σ x²     x + x′
 *   L2         √Σ x²    (x + x′)/(y + y′)
 *   L1         Σ |x|    (x + x′)/(|x| + |x′|)
 *   LogSum     log Σ x  Δy/ΔΣ x
 */
import type { GraphNode } from "../graph/graph.ts";
import { clampedPart, reducedAxes, restoreAxes, type Site, weighed } from "../ops/index.ts";
import { secant } from "./secant.ts";

/** Here and at the reference; results with the axes they were reduced over. */
interface Ends {
  readonly x: readonly [string, string];
  readonly y: readonly [string, string];
}

/** Keeps 0/0 at 0, and is too small to matter elsewhere. */
const TINY = 2 ** -100;

const CHORDS: Readonly<Record<string, (site: Site, ends: Ends) => string>> = {
  ReduceSumSquare: ({ g }, { x }) => g.add(...x),
  ReduceL2: ({ g }, { x, y }) => g.div(g.add(...x), g.atLeast(g.add(...y), TINY)),
  ReduceL1: ({ g }, { x }) => {
    const [a, b] = x.map((value) => g.op("Abs", [value])) as [string, string];
    return g.div(g.add(...x), g.atLeast(g.add(a, b), TINY));
  },
  ReduceLogSum: (site, { x, y }) => {
    const { g } = site;
    const [S, S2] = y.map((value) => g.op("Exp", [value])) as [string, string];
    const slope = secant(site, g.sub(...y), g.sub(S, S2), g.op("Reciprocal", [S]));
    return g.op("Expand", [slope, g.shape(x[0])]);
  },
};

/** Undefined for other operators. */
export const reduced = (site: Site, twin: GraphNode, m: string): string | undefined => {
  const { g, node, facts } = site;
  const chord = CHORDS[node.opType];
  if (chord === undefined) return undefined;
  const axes = reducedAxes(node, facts) as readonly number[];
  const at = (end: GraphNode) =>
    [clampedPart(g, end.input[0]!), restoreAxes(site, clampedPart(g, end.output[0]!), node, axes)] as const;
  const [[x, y], [x2, y2]] = [at(node), at(twin)];
  return weighed(site, restoreAxes(site, m, node, axes), chord(site, { x: [x, x2], y: [y, y2] }));
};
