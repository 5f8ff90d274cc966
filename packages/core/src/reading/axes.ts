/** What every axis of every value counts. */
import type { Facts } from "../graph/facts.ts";
import type { Graph } from "../graph/graph.ts";
import type { AxisReading } from "./roles.ts";

export interface AxesReading {
  /** By input, axis by axis. */
  readonly inputs: Readonly<Record<string, readonly AxisReading[]>>;
  /** Of any value; unknown roles where nothing tells. Undefined for values without a known rank. */
  of(value: string): readonly AxisReading[] | undefined;
}

const UNKNOWN: AxisReading = { role: "unknown", why: "nothing tells" };

export const axesOf = (graph: Graph, facts: Facts): AxesReading => {
  const of = (value: string) => facts.shape(value)?.map(() => UNKNOWN);
  return { inputs: Object.fromEntries(graph.inputs.map(({ name }) => [name, of(name) ?? []])), of };
};
