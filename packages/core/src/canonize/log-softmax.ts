/** x − log Σ exp(x) along one axis: a log-softmax spelled out, as naive Bayes' exporters write it. */

import type { GraphNode } from "../graph/graph.ts";
import { attr, getInt } from "../onnx/attributes.ts";
import { reducedAxes } from "../ops/reduce.ts";
import { inOrder, type Rewrite, unit, type View } from "./rewrite.ts";

const SHAPES = new Set(["Identity", "Reshape", "Unsqueeze", "Squeeze", "Flatten"]);

export const logSoftmax: Rewrite = {
  name: "log-softmax",
  what: "x − log Σ exp(x), spelled out, becomes a LogSoftmax",
  match(sub, view) {
    if (sub.opType !== "Sub" || sub.domain !== "") return undefined;
    const [x, shifted] = sub.input as [string, string];
    const chain: GraphNode[] = [];
    let node = view.producer(shifted);
    while (node !== undefined && node.domain === "" && SHAPES.has(node.opType)) {
      chain.push(node);
      node = view.producer(node.input[0]);
    }
    const sums = node && sumOf(node, x, view);
    if (sums === undefined) return undefined;
    const axes = reducedAxes(sums.at(-1)!, view.facts);
    if (typeof axes === "string" || axes.length !== 1) return "it is no sum along one axis";
    const [from, to] = [view.facts.shapeOf(x), view.facts.shapeOf(shifted)];
    if (from.length !== to.length || from.some((size, i) => to[i] !== (i === axes[0] ? 1 : size)))
      return "the sum does not stand where the axis was";
    const removed = [sub, ...chain, ...sums];
    const leak = view.leak(new Set(removed), sub);
    if (leak !== undefined) return leak;
    const made = { ...sub, opType: "LogSoftmax", input: [x], attribute: [attr.int("axis", axes[0]!)] };
    return { remove: removed, add: [unit(made, inOrder(removed, x))] }; // the outputs stay the file's, to the last digit
  },
};

/** The nodes of log Σ exp(x), the reduction last. */
const sumOf = (node: GraphNode, x: string, view: View): readonly GraphNode[] | undefined => {
  if (node.opType === "ReduceLogSumExp") return node.input[0] === x ? [node] : undefined;
  if (node.opType !== "Log") return undefined;
  const sum = view.producer(node.input[0]);
  const exp = sum?.opType === "ReduceSum" ? view.producer(sum.input[0]) : undefined;
  return exp?.opType === "Exp" && exp.input[0] === x && getInt(sum!, "noop_with_empty_axes", 0) === 0
    ? [node, exp, sum!]
    : undefined;
};
