/**
 * Values put back to positions along an axis: what was read from a position is added there. Positions are found by the op itself, on
 * 0, 1, 2, …; as a matrix of ones where the axis is short, which is the faster way then, else one by one, at linear cost.
 */
import type { Builder } from "../graph/builder.ts";
import { alongAxis } from "./axis-matrix.ts";
import type { Site } from "./role.ts";
import { sizesOf } from "./sizes.ts";

/** Longest axis whose moves are matrices. */
const SHORT = 512;

/** The adjoint of a move along `axis` of x. `forward` writes the move along the first axis of a value of that rank. */
export const movedAlong = (
  site: Site,
  r: string,
  x: string,
  axis: number,
  forward: (value: string, rank: number) => string,
): string => {
  const { g, facts } = site;
  const size = facts.shapeOf(x)[axis];
  if (typeof size === "number" && size <= SHORT) return alongAxis(site, r, x, axis, (identity) => forward(identity, 2));
  const count = g.op("Squeeze", [sizesOf(g, x, axis, axis + 1)]);
  return addAlong(site, r, x, axis, forward(g.op("Range", [g.ints(0), count, g.ints(1)]), 1));
};

/** Zeros as long as x along `axis`, and otherwise r's size, with r added at `positions` (an int64 list). */
export const addAlong = ({ g, facts }: Site, r: string, x: string, axis: number, positions: string): string => {
  const layout = facts.shapeOf(x).map((_, i) => (i === axis ? -1 : 1));
  const index = g.op("Expand", [g.op("Reshape", [positions, g.ints(layout)]), g.op("Shape", [r])]);
  const sizes = [sizesOf(g, r, 0, axis), sizesOf(g, x, axis, axis + 1), sizesOf(g, r, axis + 1)];
  return addAt(g, g.op("ConstantOfShape", [g.op("Concat", sizes, { axis: 0 })]), index, r, axis);
};

/** `zeros` with r added at `index` along `axis`, element by element. */
export const addAt = (g: Builder, zeros: string, index: string, r: string, axis: number): string =>
  g.op("ScatterElements", [zeros, index, r], { axis, reduction: "add" });
