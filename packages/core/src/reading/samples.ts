/** Whether the rows of a batch are samples of their own, and along which axes of which values they lie. */
import type { Facts } from "../graph/facts.ts";
import type { Graph } from "../graph/graph.ts";
import { batchAxisOf } from "./batch-axis.ts";

export interface SamplesAsked {
  readonly explained: readonly string[];
  /** The graph's output, and the value scores are read from. */
  readonly output: string;
  readonly start: string;
}

export interface SamplesReading {
  /** The axis of the start value that counts samples; undefined: it belongs to one sample. */
  readonly batchAxis: number | undefined;
  readonly why: string;
}

export const samplesOf = (graph: Graph, facts: Facts, { output, start }: SamplesAsked): SamplesReading => {
  const batchAxis = batchAxisOf(graph, facts, output, start);
  return { batchAxis, why: batchAxis === undefined ? "no axis of the output has the size of the batch" : "by name and size" };
};
