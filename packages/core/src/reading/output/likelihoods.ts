/**
 * Classes that are compared by log-likelihoods, as naive Bayes and mixtures of Gaussians do: what is far from a class's mean, or at all
 * there, only takes away, and so for every class. A class's own logit then says how ordinary the row is, not which class it has.
 */
import type { Facts } from "../../graph/facts.ts";
import { type Graph, opName } from "../../graph/graph.ts";
import { producersOf } from "../../graph/producers.ts";
import type { Values } from "./interval.ts";
import { originsOf } from "./monotone.ts";
import { rangesOf } from "./range.ts";

const COMPARED = new Set(["ArgMax", "ReduceLogSumExp", "LogSoftmax", "Softmax"]);
const LAYERS = new Set(["MatMul", "Gemm"]);

/** Whether a lowered graph compares log-likelihoods, whatever its output. */
export const hasLikelihoods = (graph: Graph, facts: Facts): boolean => {
  const made = producersOf(graph.nodes);
  const values: Values = { facts, producer: (value) => made.get(value) };
  const of = rangesOf(values);
  const compared = graph.nodes.flatMap((node) => (COMPARED.has(opName(node)) ? [node.input[0]!] : []));
  return [...new Set(compared)].some((logits) => {
    const { low, high } = of(logits);
    return (high < Number.POSITIVE_INFINITY && low === Number.NEGATIVE_INFINITY) || isOneSigned(logits, values);
  });
};

/** A layer whose weights have one sign. */
const isOneSigned = (logits: string, values: Values): boolean => {
  const layer = values.producer([...originsOf(logits, values).keys()].at(-1)!);
  if (layer === undefined || !LAYERS.has(opName(layer))) return false;
  const numbers = layer.input.slice(0, 2).flatMap((name) => values.facts.numbers(name) ?? []);
  return numbers.some((w) => w !== 0) && (numbers.every((w) => w <= 0) || numbers.every((w) => w >= 0));
};
