/** ReduceMax, GlobalMaxPool, Max and Min: all to the winner, the first one on ties. */

import { reducedAxes, restoreAxes } from "./reduce.ts";
import { type Op, type Site, unbroadcast, varying } from "./role.ts";

/** One-hot of the first maximum along the last axis of [.., n]. */
const firstMaximum = ({ g }: Site, x: string): string => {
  const index = g.op("ArgMax", [x], { axis: -1, keepdims: 0 });
  const depth = g.op("Gather", [g.op("Shape", [x]), g.ints(-1)], { axis: 0 });
  return g.op("OneHot", [index, depth, g.floats([0, 1])], { axis: -1 });
};

/** Over several axes: they are moved to the end and flattened, in row-major order. */
const overAxes = (site: Site, r: string, axes: readonly number[]): string => {
  const { g, facts, node } = site;
  const x = node.input[0]!;
  const rank = facts.rank(x);
  const perm = [...Array.from({ length: rank }, (_, i) => i).filter((i) => !axes.includes(i)), ...axes];
  const moved = g.transpose(x, perm);
  const kept = rank - axes.length;
  const flat = g.op("Reshape", [moved, g.ints([...(kept === 0 ? [1] : Array.from({ length: kept }, () => 0)), -1])]);
  const won = g.op("Reshape", [firstMaximum(site, flat), g.op("Shape", [moved])]);
  return g.mul(
    g.transpose(
      won,
      perm.map((_, i) => perm.indexOf(i)),
    ),
    r,
  );
};

export const ReduceMax: Op = (node, facts) => {
  const axes = reducedAxes(node, facts);
  if (typeof axes === "string") return axes;
  return {
    kind: "selection",
    inputs: [0],
    vjp: (site, [r]) => overAxes(site, restoreAxes(site, r!, node, axes), axes),
    nonnegative: (input) => input(0),
  };
};

export const GlobalMaxPool: Op = (node, facts) => ({
  kind: "selection",
  inputs: [0],
  vjp: (site, [r]) =>
    overAxes(
      site,
      r!,
      facts
        .shapeOf(node.input[0]!)
        .slice(2)
        .map((_, i) => i + 2),
    ),
  nonnegative: (input) => input(0),
});

const extremum =
  (all: (inputs: readonly boolean[]) => boolean): Op =>
  (node, facts) => ({
    kind: "selection",
    inputs: varying(node, facts),
    nonnegative: (input) => all(node.input.map((_, i) => input(i))),
    vjp: (site, [r], i) => {
      const { g } = site;
      // What earlier inputs have not taken goes to this one where it equals the result.
      const equals = (k: number) => g.mask(g.op("Equal", [node.input[k]!, node.output[0]!]));
      const free = node.input.slice(0, i).reduce((left, _, k) => g.sub(left, g.mul(left, equals(k))), r!);
      return unbroadcast(
        g,
        g.mul(free, equals(i)),
        facts.shapeOf(node.output[0]!),
        facts.shapeOf(node.input[i]!),
        node.input[i]!,
      );
    },
  });
export const Max = extremum((inputs) => inputs.some(Boolean));
export const Min = extremum((inputs) => inputs.every(Boolean));
