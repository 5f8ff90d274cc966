/**
 * What the output makes of the logits. A trailing softmax, log-softmax or sigmoid, whatever axis it has and however the result is
 * reshaped, is one operator on the logits: they are what is explained. Where probabilities are averaged, mixed or complemented behind
 * theirs, the output itself is the start, and its probability is the model's own.
 */
import { behind } from "../../graph/behind.ts";
import { type GraphNode, opName } from "../../graph/graph.ts";
import { getInt } from "../../onnx/attributes.ts";
import { RESHAPES } from "../moves.ts";
import type { Range, Values } from "./interval.ts";
import { isProbability } from "./range.ts";

export interface Link {
  /** `none`: the output is what it is; `mixture`: probabilities that are not one softmax or sigmoid of one value. */
  readonly kind: "none" | "softmax" | "sigmoid" | "mixture";
  /** The logits, or the output itself. */
  readonly start: string;
  /** The axis of `start` that the softmax runs over. */
  readonly axis?: number;
  /** The output is the logarithm of the probability. */
  readonly log: boolean;
  /** Classes share a sum of 1. */
  readonly exclusive: boolean;
  /** The mixture is made of votes, without a softmax or sigmoid of logits: only the probability itself can be explained. */
  readonly votes?: true;
  /** The operator that is cut off. */
  readonly cut?: string;
}

export const noLink = (output: string): Link => ({ kind: "none", start: output, log: false, exclusive: false });

export const linkOf = (output: string, values: Values, rangeOf: (value: string) => Range): Link => {
  const { producer, facts } = values;
  let [name, log] = [output, false];
  for (;;) {
    const node = producer(name);
    if (node === undefined) break;
    const op = opName(node);
    const x = node.input[0]!;
    if (op === "Softmax" || op === "LogSoftmax") {
      const rank = facts.rank(x);
      const axis = getInt(node, "axis", -1);
      if (op === "LogSoftmax" && log) break; // a logarithm of logarithms
      return {
        kind: "softmax",
        start: x,
        axis: axis < 0 ? axis + rank : axis,
        log: log || op === "LogSoftmax",
        exclusive: true,
        cut: op,
      };
    }
    if (op === "Sigmoid") return { kind: "sigmoid", start: x, log, exclusive: false, cut: op };
    if (op === "Log" && !log) log = true;
    else if (op === "Exp" && producer(x)?.opType === "LogSoftmax") {
      const inner = linkOf(x, values, rangeOf);
      return { ...inner, log, cut: "LogSoftmax" };
    } else if (!RESHAPES.has(op) && op !== "Clip" && !timesOne(node, values)) break;
    name = facts.isConstant(x) ? node.input[1]! : x;
  }
  const whole = rangeOf(output);
  const mixture = (log: boolean, { exclusive, logits }: Range): Link => ({
    kind: "mixture",
    start: output,
    log,
    exclusive,
    ...(!logits && { votes: true }),
  });
  if (isProbability(whole)) return mixture(false, whole);
  const logged = logOf(output, values);
  const inner = logged === undefined ? undefined : rangeOf(logged);
  if (inner !== undefined && isProbability(inner)) return mixture(true, inner);
  return noLink(output);
};

/** Exporters of boosted trees keep the runtime from joining nodes so. */
const timesOne = (node: GraphNode, { facts }: Pick<Values, "facts">): boolean =>
  opName(node) === "Mul" && node.input.some((name) => facts.isConstant(name) && facts.numbers(name)?.every((v) => v === 1));

/** The value whose logarithm this is. */
const logOf = (value: string, values: Pick<Values, "producer">): string | undefined => {
  const producer = (name: string) => values.producer(name);
  const node = producer(behind(value, producer, (n) => RESHAPES.has(opName(n))));
  return node?.opType === "Log" ? node.input[0]! : undefined;
};
