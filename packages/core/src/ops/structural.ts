/** Ops that move, copy or drop values. Relevance follows the values: the adjoint undoes the move and sums over copies. */
import type { Facts } from "../graph/facts.ts";
import type { GraphNode } from "../graph/graph.ts";
import { getInt, getInts, getString } from "../onnx/attributes.ts";
import { alongAxis } from "./axis-matrix.ts";
import { type Op, type OtherRole, type Site, unbroadcast, varying } from "./role.ts";

const move = (node: GraphNode, facts: Facts, vjp: OtherRole["vjp"]): OtherRole => {
  const inputs = varying(node, facts);
  return { kind: "structural", inputs, vjp, nonnegative: (input) => inputs.every(input) };
};
const axisOf = (node: GraphNode, rank: number, fallback: number): number => {
  const axis = getInt(node, "axis", fallback);
  return axis < 0 ? axis + rank : axis;
};

/** Reshape, Flatten, Squeeze, Unsqueeze: back to the shape of x. */
export const Reshape: Op = (node, facts) =>
  move(node, facts, ({ g }, [r]) => g.reshape(r!, facts.shapeOf(node.input[0]!), node.input[0]!, facts.shapeOf(node.output[0]!)));

export const Identity: Op = (node, facts) => move(node, facts, (_, [r]) => r!);

export const Transpose: Op = (node, facts) =>
  move(node, facts, ({ g }, [r]) => {
    const perm = getInts(node, "perm") ?? facts.shapeOf(node.input[0]!).map((_, i, all) => all.length - 1 - i);
    return g.transpose(
      r!,
      perm.map((_, i) => perm.indexOf(i)),
    );
  });

export const Concat: Op = (node, facts) => {
  const axis = axisOf(node, facts.rank(node.output[0]!), 0);
  const sizes = node.input.map((name) => facts.shapeOf(name)[axis] ?? null);
  return move(node, facts, ({ g }, [r], i) => {
    if (!sizes.includes(null)) {
      const start = (sizes as number[]).slice(0, i).reduce((a, b) => a + b, 0);
      return g.op("Slice", [r!, g.ints([start]), g.ints([start + (sizes[i] as number)]), g.ints([axis])]);
    }
    const lengths = node.input.map((name) => g.op("Shape", [name], { start: axis, end: axis + 1 }));
    return g.ops("Split", [r!, g.op("Concat", lengths, { axis: 0 })], { axis }, node.input.length)[i]!;
  });
};

export const Split: Op = (node, facts) => {
  const axis = axisOf(node, facts.rank(node.input[0]!), 0);
  return move(node, facts, ({ g }, parts) =>
    g.op(
      "Concat",
      node.output.map((name, k) => parts[k] ?? g.mul(name, g.floats(0))),
      { axis },
    ),
  );
};

export const Expand: Op = (node, facts) =>
  move(node, facts, ({ g }, [r]) =>
    unbroadcast(g, r!, facts.shapeOf(node.output[0]!), facts.shapeOf(node.input[0]!), node.input[0]!),
  );

/** Slice: a move along each axis; a plain range is put back by padding with zeros. */
export const Slice: Op = (node, facts) => {
  const rank = facts.rank(node.input[0]!);
  const [starts, ends] = [facts.numbers(node.input[1]), facts.numbers(node.input[2])];
  if (!starts || !ends) return "its bounds are not constants";
  const axes = (node.input[3] ? facts.numbers(node.input[3])! : starts.map((_, i) => i)).map((a) => (a < 0 ? a + rank : a));
  const steps = node.input[4] ? facts.numbers(node.input[4])! : starts.map(() => 1);
  const shape = facts.shapeOf(node.input[0]!);
  if (axes.some((axis) => shape[axis] === null)) return "it cuts a dynamic axis";
  return move(node, facts, (site, [r]) =>
    axes.reduce((value, axis, k) => {
      const size = shape[axis]!;
      const start = Math.min(Math.max(starts[k]! < 0 ? starts[k]! + size : starts[k]!, 0), size);
      const length = facts.shapeOf(node.output[0]!)[axis]!;
      if (steps[k] === 1) return padAxis(site, value, rank, axis, start, size - start - length);
      const { g } = site;
      return alongAxis(site, value, rank, axis, size, (eye, at) =>
        g.op("Slice", [eye, g.ints([starts[k]!]), g.ints([ends[k]!]), g.ints([at]), g.ints([steps[k]!])]),
      );
    }, r!),
  );
};

const padAxis = ({ g }: Site, value: string, rank: number, axis: number, before: number, after: number): string => {
  if (before === 0 && after === 0) return value;
  const pads = Array.from({ length: 2 * rank }, (_, i) => (i === axis ? before : i === rank + axis ? after : 0));
  return g.op("Pad", [value, g.ints(pads)]);
};

/** Gather with constant indices. A single index comes back by padding, several by a matrix of ones. */
export const Gather: Op = (node, facts) => {
  const [x, indices] = node.input as [string, string];
  if (!facts.isConstant(indices))
    return facts.isConstant(x) ? "it looks values up by the input" : "its indices are computed from the input";
  const rank = facts.rank(x);
  const axis = axisOf(node, rank, 0);
  const size = facts.shapeOf(x)[axis];
  if (typeof size !== "number") return "it picks along a dynamic axis";
  return move(node, facts, (site, [r]) => {
    const { g } = site;
    const shape = facts.shapeOf(indices);
    const index = facts.scalar(indices);
    const lead = facts.shapeOf(x).slice(0, axis);
    const tail = facts.shapeOf(x).slice(axis + 1);
    const count = shape.reduce<number>((n, d) => n * d!, 1);
    const flat =
      shape.length === 1
        ? r!
        : shape.length === 0
          ? g.op("Unsqueeze", [r!, g.ints([axis])])
          : g.reshape(r!, [...lead, count, ...tail], x);
    if (index !== undefined) {
      const at = index < 0 ? index + size : index;
      return padAxis(site, flat, rank, axis, at, size - at - 1);
    }
    return alongAxis(site, flat, rank, axis, size, (eye, at) =>
      g.op("Gather", [eye, g.op("Reshape", [indices, g.ints([-1])])], { axis: at }),
    );
  });
};

/** Pad: what landed on a constant border is lost, what was reflected or repeated returns to where it came from. */
export const Pad: Op = (node, facts) => {
  const x = node.input[0]!;
  const rank = facts.rank(x);
  const listed = facts.numbers(node.input[1]);
  if (listed === undefined) return "its widths are computed from the input";
  const axes = (node.input[3] ? facts.numbers(node.input[3])! : Array.from({ length: rank }, (_, i) => i)).map((a) =>
    a < 0 ? a + rank : a,
  );
  const mode = getString(node, "mode", "constant");
  const at = (axis: number, side: 0 | 1) => (axes.includes(axis) ? listed[axes.indexOf(axis) + side * axes.length]! : 0);
  const fill = node.input[2] ? facts.scalar(node.input[2]) : 0;
  const padded = axes.filter((axis) => at(axis, 0) !== 0 || at(axis, 1) !== 0);
  if (mode !== "constant" && padded.some((axis) => facts.shapeOf(x)[axis] === null)) return `it pads a dynamic axis by ${mode}`;
  const back = (site: Site, r: string): string => {
    const { g } = site;
    if (mode === "constant")
      return g.op("Pad", [
        r,
        g.ints([0, 1].flatMap((side) => Array.from({ length: rank }, (_, axis) => -at(axis, side as 0 | 1)))),
      ]);
    return padded.reduce(
      (value, axis) =>
        alongAxis(site, value, rank, axis, facts.shapeOf(x)[axis]!, (eye, along) =>
          g.op("Pad", [eye, g.ints([0, 1].flatMap((side) => [0, 1].map((a) => (a === along ? at(axis, side as 0 | 1) : 0))))], {
            mode,
          }),
        ),
      r,
    );
  };
  return {
    kind: "structural",
    inputs: [0],
    vjp: (site, [r]) => back(site, r!),
    nonnegative: (input) => input(0) && (mode !== "constant" || (fill ?? -1) >= 0),
  };
};

export const Tile: Op = (node, facts) => {
  const shape = facts.shapeOf(node.input[0]!);
  const repeats = facts.numbers(node.input[1]);
  if (repeats === undefined || shape.filter((d) => d === null).length > 1) return "its repeats or several sizes are dynamic";
  return move(node, facts, ({ g }, [r]) => {
    const split = shape.flatMap((d, i) => [repeats[i]!, d]);
    return g.op("ReduceSum", [g.reshape(r!, split), g.ints(shape.map((_, i) => 2 * i))], { keepdims: 0 });
  });
};
