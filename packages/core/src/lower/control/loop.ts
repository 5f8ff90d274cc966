/**
 * Loop(M, cond, v…): the body (i, cond, v…) → (cond′, v′…, scan outputs…) runs M times, or until its condition turns false.
 * Where neither depends on the values of the input, the trace has counted its iterations, and they are written one after another.
 */
import { type Facts, RANDOM, SHAPE_OF } from "../../graph/facts.ts";
import { nodesOf, valuesRead } from "../../graph/graph.ts";
import { tripsOf } from "../../graph/watch.ts";
import { getGraph } from "../../onnx/attributes.ts";
import type { GraphProto, NodeProto } from "../../onnx/proto.ts";
import { boolTensor } from "../../onnx/tensors.ts";
import type { Expansion } from "../pass.ts";
import { Body } from "./body.ts";
import { stack } from "./stack.ts";

export const Loop: Expansion = (node, { g, facts, budget, fix }) => {
  const graph = getGraph(node, "body");
  if (graph === undefined) return undefined;
  if (stopsByValue(node, graph, facts)) return "when it stops depends on the values of the input";
  const trips = facts.shape(tripsOf(node))?.[0];
  if (trips === undefined) return "how often it runs is not known";
  if (trips === null) return fix({ value: tripsOf(node), axis: 0, what: "the number of iterations" });
  const much = budget.unroll(trips, nodesOf(graph).length);
  if (much !== undefined) return much;

  let carried = node.input.slice(2);
  const stacks: string[][] = graph.output.slice(1 + carried.length).map(() => []);
  if (trips === 0 && stacks.length > 0) return "it stacks the results of no iteration at all";
  const body = new Body(graph, g);
  const on = g.name("on");
  g.constants.push(boolTensor(on, [], [true]));
  for (let i = 0; i < trips; i++) {
    const outputs = body.write([g.ints(i), on, ...carried]).slice(1);
    outputs.slice(carried.length).forEach((value, k) => void stacks[k]!.push(value));
    carried = outputs.slice(0, carried.length);
  }
  return [...carried, ...stacks.map((values) => stack(g, values, 0))];
};

/** Whether its condition, or its trip count, is computed from an input (by reachability, through all iterations). */
const stopsByValue = (node: NodeProto, body: GraphProto, facts: Facts): boolean => {
  const [count, condition, ...initial] = node.input;
  if ([count, condition].some((name) => name && !facts.isConstant(name))) return true;
  const inner = new Set([...body.input, ...body.initializer].map(({ name }) => name));
  for (const { output } of body.node) for (const name of output) inner.add(name);
  const varies = new Set(body.input.slice(2).flatMap(({ name }, i) => (facts.isConstant(initial[i]!) ? [] : [name])));
  const depends = (name: string) => (inner.has(name) ? varies.has(name) : !facts.isConstant(name));
  for (let before = -1; before < varies.size; ) {
    before = varies.size;
    for (const inside of body.node)
      if (RANDOM.has(inside.opType) || (!SHAPE_OF.has(inside.opType) && valuesRead(inside).some(depends)))
        for (const name of inside.output) varies.add(name);
    body.input.slice(2).forEach(({ name }, i) => {
      if (depends(body.output[i + 1]!.name)) varies.add(name);
    });
  }
  return depends(body.output[0]!.name);
};
