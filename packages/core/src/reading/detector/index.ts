/** Whether a model is a detector, and where its boxes and scores are before they are filtered. */
import type { Facts } from "../../graph/facts.ts";
import type { Graph } from "../../graph/graph.ts";
import { producersOf } from "../../graph/producers.ts";
import { isFloat } from "../element-kinds.ts";
import type { Values } from "../output/interval.ts";
import { rangesOf } from "../output/range.ts";
import { suppressedDetector, twoOutputs } from "./apart.ts";
import type { Detector } from "./detector.ts";
import { mergedDetector } from "./merged.ts";

export type { BoxLayout, Columns, Detector } from "./detector.ts";
export { type SelectedDetector, selectedDetector } from "./selected.ts";

/** Undefined for models that are none. `labels`: how many class names there are. */
export const readDetector = (graph: Graph, facts: Facts, labels?: number): Detector | undefined => {
  const made = producersOf(graph.nodes);
  const values: Values = { facts, producer: (value) => made.get(value) };
  const ranges = rangesOf(values);
  const suppressed = suppressedDetector(graph, values);
  if (suppressed !== undefined) return suppressed;
  const two = twoOutputs(graph, values, ranges, labels);
  if (two !== undefined) return two;
  for (const output of graph.outputs.filter(isFloat)) {
    const merged = mergedDetector(output.name, values, ranges, labels);
    if (merged !== undefined) return merged;
  }
  return undefined;
};
