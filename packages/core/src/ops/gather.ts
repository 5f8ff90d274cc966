/**
 * Gather, GatherElements, GatherND, Compress: values picked by position. The adjoint adds what arrives at the positions it was read
 * from. Nothing flows to positions.
 */
import { getAttribute, getInt } from "../onnx/attributes.ts";
import { axisOf } from "./axes.ts";
import { move } from "./move.ts";
import { addAlong, addAt, movedAlong } from "./positions.ts";
import { amongZeros } from "./ranges.ts";
import { type Op, type Site, zerosLike } from "./role.ts";
import { reshapeTo, sizesOf } from "./sizes.ts";

/** A single constant index comes back by padding, several as a move along the axis, computed ones one by one. */
export const Gather: Op = (node, facts) => {
  const [x, indices] = node.input as [string, string];
  const rank = facts.rank(x);
  const axis = axisOf(node, rank, 0);
  const shape = facts.shapeOf(indices);
  const list = ({ g }: Site) => (shape.length === 1 ? indices : g.op("Reshape", [indices, g.ints([-1])]));
  /** The axes of the table of indices as one. */
  const flattened = ({ g }: Site, r: string): string => {
    if (shape.length === 1) return r;
    if (shape.length === 0) return g.op("Unsqueeze", [r, g.ints([axis])]);
    return reshapeTo(g, r, g.ints([...Array.from({ length: axis }, () => 0), -1]), sizesOf(g, x, axis + 1));
  };
  const back = (site: Site, r: string): string => {
    const flat = flattened(site, r);
    const index = facts.isConstant(indices) ? facts.scalar(indices) : undefined;
    if (index !== undefined) return amongZeros(site, flat, x, axis, { from: site.g.ints([index]), start: index, length: 1 });
    if (!facts.isConstant(indices)) return addAlong(site, flat, x, axis, list(site));
    return movedAlong(site, flat, x, axis, (all) => site.g.op("Gather", [all, list(site)]));
  };
  return move(node, facts, [0], (site, [r]) => back(site, r!));
};

export const GatherElements: Op = (node, facts) => {
  const [x, indices] = node.input as [string, string];
  const vjp = ({ g }: Site, r: string) => addAt(g, zerosLike(g, x), indices, r, axisOf(node, facts.rank(x), 0));
  return move(node, facts, [0], (site, [r]) => vjp(site, r!));
};

/** With batch axes, the sample's own number becomes the first coordinate. */
export const GatherND: Op = (node, facts) => {
  const [x, indices, y] = [...node.input, ...node.output] as [string, string, string];
  const batch = getInt(node, "batch_dims", 0);
  const back = ({ g }: Site, r: string): string => {
    const add = (zeros: string, index: string, update: string) => g.op("ScatterND", [zeros, index, update], { reduction: "add" });
    if (batch === 0) return add(zerosLike(g, x), indices, r);
    const joined = (value: string, like = value) => reshapeTo(g, value, g.ints([-1]), sizesOf(g, like, batch));
    const index = joined(indices);
    const count = g.op("Squeeze", [g.op("Shape", [index], { end: 1 })]);
    const numbers = g.op("Range", [g.ints(0), count, g.ints(1)]);
    const inner = facts.rank(indices) - batch; // axes of the joined table behind the batch
    const column = g.op("Reshape", [numbers, g.ints([-1, ...Array.from({ length: inner }, () => 1)])]);
    const single = g.op("Concat", [g.op("Shape", [index], { end: -1 }), g.ints([1])], { axis: 0 });
    const coordinates = g.op("Concat", [g.op("Expand", [column, single]), index], { axis: -1 });
    return g.op("Reshape", [add(joined(zerosLike(g, x), x), coordinates, joined(r, y)), g.shape(x)]);
  };
  return move(node, facts, [0], (site, [r]) => back(site, r!));
};

/** Where a condition holds along an axis, or in the flattened input. */
export const Compress: Op = (node, facts) => {
  const [x, condition] = node.input as [string, string];
  const back = (site: Site, r: string): string => {
    const { g } = site;
    const positions = g.op("Reshape", [g.op("NonZero", [condition]), g.ints([-1])]);
    if (getAttribute(node, "axis") !== undefined) return addAlong(site, r, x, axisOf(node, facts.rank(x), 0), positions);
    const flat = g.op("Reshape", [zerosLike(g, x), g.ints([-1])]);
    return g.op("Reshape", [addAt(g, flat, positions, r, 0), g.shape(x)]);
  };
  return move(node, facts, [0], (site, [r]) => back(site, r!));
};
