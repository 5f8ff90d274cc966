/**
 * Where the samples of a batch lie in a value. Nets that put time first, and attention that folds heads or time into the batch, do not
 * keep them along the first axis; but in row-major order a value is always outer × samples × inner, and a Reshape changes neither
 * (nor does one inside a unit). What moves axes changes both: Transpose, Einsum, Gather, reductions; everything else keeps axes, aligned at
 * their ends.
 */
import type { Facts, Shape } from "../graph/facts.ts";
import { sizeOf } from "../graph/facts.ts";
import type { Graph, GraphNode } from "../graph/graph.ts";
import { getInt, getInts, getString } from "../onnx/attributes.ts";
import { parseEquation } from "../ops/equation.ts";

/** Elements before one sample's and in one run of it; null where the size is free. */
export interface Samples {
  readonly outer: number | null;
  readonly inner: number | null;
}

const FIRST: Samples = { outer: 1, inner: null };
const RESHAPES = new Set(["Reshape", "Flatten", "Squeeze", "Unsqueeze"]);

/** By value; what is missing has them first. */
export const samplesOf = (graph: Graph, facts: Facts): ReadonlyMap<string, Samples> => {
  const found = new Map<string, Samples>();
  const [batch = null] = graph.inputs.flatMap(({ name }) => facts.shape(name)?.slice(0, 1) ?? []);
  if (batch === 1) return found; // a single sample is all of every value
  for (const { name } of graph.inputs) {
    const shape = facts.shape(name);
    // A state may come as [layers, N, size].
    const axis = shape === undefined || shape[0] === batch ? 0 : shape.indexOf(batch);
    if (shape !== undefined && axis >= 0) found.set(name, alongAxis(shape, { axis, outer: 1, inner: 1 }));
  }
  for (const node of graph.nodes) {
    const from = node.input.find((name) => found.has(name));
    if (from === undefined || node.opType === "Shape" || node.opType === "Size") continue;
    for (const output of node.output) {
      const shape = facts.shape(output);
      const before = facts.shape(from);
      if (shape !== undefined && before !== undefined)
        found.set(output, fitting(passed(node, from, shape, before, found.get(from)!, batch, facts), shape, batch));
    }
  }
  return found;
};

/** Indices that are computed take values out of their order: what does not add up is given up. */
const fitting = (samples: Samples, shape: Shape, batch: number | null): Samples => {
  const [total, counted] = [sizeOf(shape), times(times(samples.outer, batch), samples.inner)];
  return total === null || counted === null || total === counted ? samples : FIRST;
};

const passed = (
  node: GraphNode,
  from: string,
  to: Shape,
  before: Shape,
  samples: Samples,
  batch: number | null,
  facts: Facts,
): Samples => {
  const reshapes = RESHAPES.has(node.opType) || (node.body !== undefined && before.length !== to.length);
  if (reshapes) return samples;
  const at = axisOf(before, samples, batch);
  const axis = at && movedAxis(node, node.input.indexOf(from), at.axis, before.length, to.length, facts);
  return at === undefined || axis === undefined || axis < 0 || axis >= to.length ? FIRST : alongAxis(to, { ...at, axis });
};

/** An axis may hold more than the samples: heads within, time around. */
interface Along {
  readonly axis: number;
  readonly outer: number | null;
  readonly inner: number | null;
}

const alongAxis = (shape: Shape, { axis, outer, inner }: Along): Samples => ({
  outer: times(sizeOf(shape.slice(0, axis)), outer),
  inner: times(inner, sizeOf(shape.slice(axis + 1))),
});

const axisOf = (shape: Shape, { outer, inner }: Samples, batch: number | null): Along | undefined => {
  for (const [axis, size] of shape.entries()) {
    if (batch === null ? size !== null : size === null || size % batch !== 0) continue;
    const around = over(outer, sizeOf(shape.slice(0, axis)));
    const within = over(inner, sizeOf(shape.slice(axis + 1)));
    if (around !== undefined && within !== undefined) return { axis, outer: around, inner: within };
  }
  return undefined;
};

const times = (a: number | null, b: number | null): number | null => (a === null || b === null ? null : a * b);
/** Free sizes on both sides are taken for the same one. Undefined: it does not divide, as a free size does not divide a known one. */
const over = (a: number | null, b: number | null): number | null | undefined => {
  if (a === null) return b === null ? 1 : null;
  return b === null || a % b !== 0 ? undefined : a / b;
};

/** Where an axis of input `i` is in the output. */
const movedAxis = (node: GraphNode, i: number, axis: number, rank: number, to: number, facts: Facts): number | undefined => {
  if (node.opType === "Transpose") return (getInts(node, "perm") ?? [...Array(rank).keys()].reverse()).indexOf(axis);
  if (node.opType === "Gather") {
    const along = getInt(node, "axis", 0);
    const counted = along < 0 ? along + facts.rank(node.input[0]!) : along;
    if (i === 1) return axis + counted;
    return axis < counted ? axis : axis - 1 + facts.rank(node.input[1]!);
  }
  if (node.opType === "Einsum") {
    const { inputs, output } = parseEquation(
      getString(node, "equation", ""),
      node.input.map((name) => facts.rank(name)),
    );
    return output.indexOf(inputs[i]?.[axis] ?? "");
  }
  if (/^Reduce|^Arg/.test(node.opType) && to < rank) {
    const given = getInts(node, "axes") ?? facts.numbers(node.input[1]) ?? [getInt(node, "axis", 0)];
    return axis - given.filter((a) => (a < 0 ? a + rank : a) < axis).length;
  }
  return axis + to - rank;
};
