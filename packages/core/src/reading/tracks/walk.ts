/** Follows the axes of all inputs through a graph. */
import { type Facts, RANDOM, SHAPE_OF } from "../../graph/facts.ts";
import { type Graph, type GraphNode, opName, valuesRead } from "../../graph/graph.ts";
import { NOTHING } from "./mix.ts";
import { Origins } from "./origins.ts";
import { Step, unknown } from "./step.ts";
import { transfers } from "./table.ts";
import type { Track } from "./track.ts";

export interface Tracks {
  readonly origins: Origins;
  of(value: string): Track | undefined;
  /** As the last traced run had them. */
  dimsOf(value: string): readonly number[] | undefined;
}

/** Free sizes, where no run has told theirs: a batch, and anything else. */
const [BATCH, FREE] = [2, 48];

export const tracksOf = (graph: Graph, facts: Facts): Tracks => {
  const origins = new Origins();
  const tracks = new Map<string, Track>();
  const dimsOf = (value: string) =>
    facts.seen(value) ?? facts.shape(value)?.map((size, axis) => size ?? (axis === 0 ? BATCH : FREE));
  for (const { name } of graph.inputs) {
    const shape = facts.shape(name);
    const axes = (dimsOf(name) ?? []).map((size, i) => [
      { ...origins.fresh(size), ...(shape?.[i] === null && { free: true as const }) },
    ]);
    tracks.set(name, { axes, mixed: NOTHING, unsure: NOTHING });
  }
  for (const node of graph.nodes) {
    if (SHAPE_OF.has(node.opType) || RANDOM.has(node.opType)) continue;
    const reads = hasGraphs(node) ? valuesRead(node) : node.input;
    const step = new Step(
      node,
      reads.map((name) => tracks.get(name)),
      facts,
      origins,
      dimsOf,
    );
    if (step.varying.length === 0) continue;
    const made = transferred(step, node);
    node.output.forEach((name, i) => {
      const track = made[i] ?? made[0];
      if (name !== "" && track !== undefined) tracks.set(name, track);
    });
  }
  return { origins, of: (value) => tracks.get(value), dimsOf };
};

const hasGraphs = (node: GraphNode): boolean =>
  node.attribute.some(({ g, graphs }) => g !== undefined || (graphs?.length ?? 0) > 0);

/** A result that does not have the axes its value has is none. */
const transferred = (step: Step, node: GraphNode): readonly Track[] => {
  const made = transfers[opName(node)]?.(step);
  const list = made === undefined ? undefined : Array.isArray(made) ? (made as readonly Track[]) : [made as Track];
  const fits = list?.every((track, i) => {
    const dims = step.dimsOf(node.output[i] ?? "");
    return dims === undefined || track.axes.length === dims.length;
  });
  return list !== undefined && fits ? list : unknown(step);
};
