/** ReduceMean and ReduceSum: sums over axes, whose adjoint repeats s along them. */

import { type Facts, sizeOf } from "../graph/facts.ts";
import type { GraphNode } from "../graph/graph.ts";
import { getInt, getInts } from "../onnx/attributes.ts";
import { fromFront } from "./axes.ts";
import { toDouble, toFloat } from "./exact.ts";
import { again, type LinearRole, type Op, type Site } from "./role.ts";

/** The reduced axes, non-negative; from the attribute or, in newer opsets, the second input. Text says why unknown. */
export const reducedAxes = (node: GraphNode, facts: Facts): readonly number[] | string => {
  const rank = facts.rank(node.input[0]!);
  const axes = getInts(node, "axes") ?? (node.input[1] ? facts.numbers(node.input[1]) : []);
  if (axes === undefined) return "its axes are computed from the input";
  if (axes.length === 0) return getInt(node, "noop_with_empty_axes", 0) === 1 ? [] : Array.from({ length: rank }, (_, i) => i);
  return axes.map((axis) => fromFront(axis, rank)).sort((a, b) => a - b);
};

/** Gives a reduced value its axes back (size 1), where keepdims dropped them. */
export const restoreAxes = ({ g }: Site, s: string, node: GraphNode, axes: readonly number[]): string =>
  getInt(node, "keepdims", 1) === 1 || axes.length === 0 ? s : g.op("Unsqueeze", [s, g.ints(axes)]);

/** How many values of x are reduced to one: a number, read from the shape at run time where a size is dynamic. */
export const countAlong = ({ g, facts }: Site, x: string, axes: readonly number[]): string => {
  const sizes = axes.map((axis) => facts.shapeOf(x)[axis] ?? null);
  const count = sizeOf(sizes);
  if (count !== null) return g.floats(count);
  return g.op("Cast", [g.op("ReduceProd", [g.op("Gather", [g.op("Shape", [x]), g.ints(axes)])], { keepdims: 0 })], { to: 1 });
};

const reduction =
  (mean: boolean): Op =>
  (node, facts) => {
    const axes = reducedAxes(node, facts);
    if (typeof axes === "string") return axes;
    const x = node.input[0]!;
    const role: LinearRole = {
      kind: "sum",
      inputs: [0],
      positive: true,
      nonnegative: (input) => input(0),
      apply: (site, [value]) => again(site, [value!, ...node.input.slice(1)]),
      exact: (site) => toFloat(site.g, again(site, [toDouble(site.g, x), ...node.input.slice(1)])),
      adjoint: (site, s) => {
        const { g } = site;
        const share = restoreAxes(site, mean ? g.div(s, countAlong(site, x, axes)) : s, node, axes);
        return axes.includes(0) ? g.op("Expand", [share, g.shape(x)]) : g.expand(share, x);
      },
      vjp: (site, [g]) => role.adjoint(site, g!, 0),
    };
    return role;
  };

export const ReduceMean = reduction(true);
export const ReduceSum = reduction(false);
