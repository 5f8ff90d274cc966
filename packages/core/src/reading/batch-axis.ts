/**
 * Which axis of the explained output counts samples. Mostly the first; a recurrent net may give time first ([T, N, classes]), and a
 * net without a batch gives classes or rows alone.
 */
import type { Facts } from "../graph/facts.ts";
import type { Graph } from "../graph/graph.ts";

/**
 * In this order: the axis that bears the name of an input's first axis; the first axis, where its size is free, 1, or that of an
 * input's first axis; another axis of such a size. Undefined: none, the output belongs to one sample.
 */
export const batchAxisOf = (graph: Graph, facts: Facts, output: string, start: string): number | undefined => {
  const shape = facts.shapeOf(start);
  if (shape.length === 0) return undefined;
  const batches = graph.inputs.flatMap((input) => input.type?.tensorType?.shape?.slice(0, 1) ?? []);
  const names = new Set(batches.flatMap(({ param }) => param || []));
  const dims = graph.outputs.find(({ name }) => name === output)?.type?.tensorType?.shape;
  const named = dims?.length === shape.length ? dims.findIndex(({ param }) => param && names.has(param)) : -1;
  if (named >= 0) return named;
  const sizes = new Set(graph.inputs.flatMap(({ name }) => facts.shape(name)?.slice(0, 1) ?? []));
  const first = shape[0] ?? null;
  if (first === null || first === 1) return 0;
  if (shape.length === 1) return undefined;
  if (sizes.has(first)) return 0;
  const other = shape.findIndex((size) => (size === null || size === 1) && sizes.has(size));
  return other >= 0 ? other : undefined;
};
