/** Scan: the body (state…, slice…) → (state′…, scan output…) once for each slice of its scan inputs; the steps one after another. */
import { nodesOf } from "../../graph/graph.ts";
import { getGraph, getInt, getInts } from "../../onnx/attributes.ts";
import type { Expansion } from "../pass.ts";
import { Body } from "./body.ts";
import { stack, unstack } from "./stack.ts";

export const Scan: Expansion = (node, { g, facts, budget, fix }) => {
  const graph = getGraph(node, "body");
  if (graph === undefined) return undefined;
  const scanned = node.input.slice(node.input.length - getInt(node, "num_scan_inputs", 0));
  let state = node.input.slice(0, node.input.length - scanned.length);
  const reversed = (name: string, k: number) => getInts(node, name)?.[k] === 1;
  /** Counted from the front. */
  const axisOf = (name: string, k: number, rank: number) => {
    const axis = getInts(node, name)?.[k] ?? 0;
    return axis < 0 ? axis + rank : axis;
  };

  const ranks = [...scanned, ...node.output.slice(state.length)].map((name) => facts.shape(name)?.length);
  const unknown = ranks.slice(0, scanned.length).includes(undefined);
  if (unknown || scanned.length === 0) return "the shape of what it scans is not known";
  const axes = scanned.map((_, k) => axisOf("scan_input_axes", k, ranks[k]!));
  const steps = facts.shapeOf(scanned[0]!)[axes[0]!];
  if (typeof steps !== "number") return fix({ value: scanned[0]!, axis: axes[0]!, what: "the length of the scan" });
  const much = budget.unroll(steps, nodesOf(graph).length);
  if (much !== undefined) return much;
  if (steps === 0) return "it scans nothing";

  const slices = scanned.map((name, k) => {
    const parts = unstack(g, name, axes[k]!, steps);
    return reversed("scan_input_directions", k) ? parts.reverse() : parts;
  });
  const body = new Body(graph, g);
  const results = Array.from({ length: steps }, (_, t) => {
    const outputs = body.write([...state, ...slices.map((parts) => parts[t]!)]);
    state = outputs.slice(0, state.length);
    return outputs.slice(state.length);
  });
  const stacks = results[0]!.map((_, k) => {
    const values = results.map((outputs) => outputs[k]!);
    if (reversed("scan_output_directions", k)) values.reverse();
    return stack(g, values, axisOf("scan_output_axes", k, ranks[scanned.length + k] ?? 0));
  });
  return [...state, ...stacks];
};
