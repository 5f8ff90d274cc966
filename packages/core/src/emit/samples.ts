/**
 * Where the samples of a batch lie in a value. Nets that put time first, and attention that folds heads or time into the batch, do not
 * keep them along the first axis; but in row-major order a value is always outer × samples × inner, and a Reshape changes neither.
 * Other operators move the axis, or keep it (sample-axis.ts). Where samples meet, or where they went cannot be said, a value belongs
 * to the whole batch.
 */
import { bodyOf } from "../canonize/rewrite.ts";
import type { Facts, Shape } from "../graph/facts.ts";
import { sizeOf } from "../graph/facts.ts";
import type { Graph } from "../graph/graph.ts";
import type { NodeProto } from "../onnx/proto.ts";
import { movedTo } from "./sample-axis.ts";

/** The axis along which samples lie, and what else it holds: heads within, time around. null where a size is free. */
export interface Along {
  readonly axis: number;
  readonly outer: number | null;
  readonly inner: number | null;
}

/** By value; what is missing belongs to the whole batch. */
export interface Layouts {
  /** There is one sample: every value is all of it. */
  readonly single: boolean;
  readonly of: ReadonlyMap<string, Along>;
}

interface Ends {
  /** The value relevance starts from, and the graph's output behind it. */
  readonly start: string;
  readonly output: string;
  /** The axis of the start that counts samples; undefined: one sample. */
  readonly batchAxis: number | undefined;
}

const RESHAPES = new Set(["Reshape", "Flatten", "Squeeze", "Unsqueeze"]);

export const layoutsOf = (graph: Graph, facts: Facts, ends: Ends): Layouts => {
  const shape = facts.shapeOf(ends.start);
  const batch = ends.batchAxis === undefined ? 1 : (shape[ends.batchAxis] ?? null);
  const found = new Map<string, Along | undefined>(); // undefined: its samples are not known apart
  if (batch === 1) return { single: true, of: new Map() };
  for (const { name, axis } of inputAxes(graph, facts, ends, batch)) found.set(name, pure(axis));
  for (const node of graph.nodes.flatMap(bodyOf)) {
    const from = [...node.input.keys()].filter((i) => found.has(node.input[i]!));
    if (from.length === 0 || node.opType === "Shape" || node.opType === "Size") continue;
    for (const output of node.output) if (output !== "") found.set(output, meeting(node, from, output, { found, batch, facts }));
  }
  if (!same(found.get(ends.start), pure(ends.batchAxis!))) found.delete(ends.start);
  return { single: false, of: new Map([...found].flatMap(([name, along]) => (along ? [[name, along] as const] : []))) };
};

const pure = (axis: number): Along => ({ axis, outer: 1, inner: 1 });

/** Which axis of each input counts samples, if any: by name, else the first of the batch's size. */
const inputAxes = (graph: Graph, facts: Facts, { start, output, batchAxis }: Ends, batch: number | null) => {
  const dims = graph.outputs.find(({ name }) => name === output)?.type?.tensorType?.shape;
  const called = dims?.length === facts.rank(start) ? dims[batchAxis!]?.param : undefined;
  return graph.inputs.flatMap(({ name, type }) => {
    const shape = facts.shape(name);
    if (shape === undefined) return [];
    const named = called ? (type?.tensorType?.shape?.findIndex(({ param }) => param === called) ?? -1) : -1;
    const first = shape[0] === batch ? 0 : shape.indexOf(batch);
    const axis = named >= 0 ? named : first;
    return axis >= 0 ? [{ name, axis }] : [];
  });
};

interface Known {
  readonly found: ReadonlyMap<string, Along | undefined>;
  readonly batch: number | null;
  readonly facts: Facts;
}

/** The layout in which all inputs with samples meet in an output. */
const meeting = (node: NodeProto, from: readonly number[], output: string, known: Known): Along | undefined => {
  const [first, ...others] = from.map((i) => passed(node, i, output, known));
  return others.every((other) => same(first, other)) ? first : undefined;
};

const same = (a: Along | undefined, b: Along | undefined): boolean =>
  a !== undefined && b !== undefined && a.axis === b.axis && a.outer === b.outer && a.inner === b.inner;

const passed = (node: NodeProto, i: number, output: string, { found, batch, facts }: Known): Along | undefined => {
  const along = found.get(node.input[i]!);
  const [from, to] = [facts.shape(node.input[i]!), facts.shape(output)];
  if (along === undefined || from === undefined || to === undefined) return undefined;
  if (RESHAPES.has(node.opType)) return i === 0 ? reshaped(along, from, to, batch) : undefined;
  const axis = movedTo({ node, i, from, to, facts }, along.axis);
  return axis === undefined || axis < 0 || to[axis] !== from[along.axis] ? undefined : { ...along, axis };
};

/** In row-major order a value is outer × samples × inner, before and after. */
const reshaped = (along: Along, from: Shape, to: Shape, batch: number | null): Along | undefined => {
  const [a, b] = [from, to].map((shape) => [...shape.keys()].filter((axis) => shape[axis] !== 1)) as [number[], number[]];
  if (a.length === b.length && a.every((axis, k) => from[axis] === to[b[k]!]))
    return { ...along, axis: b[a.indexOf(along.axis)]! };
  const { outer, inner } = around(from, along);
  if (outer === null && inner === null) return undefined;
  for (const [axis, size] of to.entries()) {
    if (batch === null ? size !== null : size === null || size % batch !== 0) continue;
    const [before, within] = [over(outer, sizeOf(to.slice(0, axis))), over(inner, sizeOf(to.slice(axis + 1)))];
    if (before !== undefined && within !== undefined) return { axis, outer: before, inner: within };
  }
  return undefined;
};

/** Elements before one sample's, and in one run of it. */
export const around = (shape: Shape, { axis, outer, inner }: Along): Omit<Along, "axis"> => ({
  outer: times(sizeOf(shape.slice(0, axis)), outer),
  inner: times(inner, sizeOf(shape.slice(axis + 1))),
});

const times = (a: number | null, b: number | null): number | null => (a === null || b === null ? null : a * b);
/** Free sizes on both sides are taken for the same one. Undefined: it does not divide, as a free size does not divide a known one. */
const over = (a: number | null, b: number | null): number | null | undefined => {
  if (a === null) return b === null ? 1 : null;
  return b === null || a % b !== 0 ? undefined : a / b;
};
