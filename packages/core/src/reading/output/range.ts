/**
 * Between which numbers a value lies, from the operators that make it: what tells a mean of softmaxes, 1 − p or votes over their sum
 * from logits. Intervals over the graph, never numbers of a sample.
 */

import { derived } from "../../graph/derived.ts";
import type { Facts } from "../../graph/facts.ts";
import { type GraphNode, opName } from "../../graph/graph.ts";
import { maxOf, minOf } from "../../numeric/extremes.ts";
import { getAttribute, getFloat, getInt } from "../../onnx/attributes.ts";
import { readTensor } from "../../onnx/tensors.ts";
import { reducedAxes } from "../../ops/reduce.ts";
import { MOVES } from "../moves.ts";
import type { Range, Values } from "./interval.ts";
import { sharesOf } from "./shares.ts";
import { plattRange, treeRange } from "./trees.ts";

const range = (low: number, high: number, probability = false, exclusive = false, logits = false): Range => ({
  low,
  high,
  probability,
  exclusive,
  logits,
});
const ANY = range(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY);
const BOOLEAN = new Set([
  "Equal",
  "Greater",
  "Less",
  "GreaterOrEqual",
  "LessOrEqual",
  "Not",
  "And",
  "Or",
  "Xor",
  "IsNaN",
  "IsInf",
]);

/** A probability: made as one, and between 0 and 1. */
export const isProbability = ({ low, high, probability }: Range): boolean => probability && low >= -1e-6 && high <= 1 + 1e-4;

/** Intervals of one graph; each value is looked at once. */
export const rangesOf = (values: Values): ((value: string) => Range) =>
  derived({
    before: (value) => values.producer(value)?.input.filter((name) => name !== "" && !values.facts.isConstant(name)) ?? [],
    make: (value, of) => rangeOf(value, values, of),
    circular: ANY,
  });

type Of = (value: string) => Range;

const rangeOf = (value: string, values: Values, of: Of): Range => {
  const { facts } = values;
  const node = values.producer(value);
  if (facts.isConstant(value)) return node?.opType === "ConstantOfShape" ? filled(node) : ofNumbers(facts.numbers(value));
  if (node === undefined) return ANY;
  const op = opName(node);
  const [a, b] = node.input as [string, string?];
  if (BOOLEAN.has(op)) return range(0, 1);
  if (op === "Concat") return concat(node, values, of);
  if (MOVES.has(op) || op === "Dropout" || op === "Resize") return of(a);
  switch (op) {
    case "Softmax":
      return range(0, 1, true, true, true);
    case "Sigmoid":
      return range(0, 1, true, false, true);
    case "Add":
    case "Sum":
      return node.input.map(of).reduce(plus);
    case "Sub":
      return plus(of(a), times(of(b!), range(-1, -1)));
    case "Neg":
      return times(of(a), range(-1, -1));
    case "Mul":
      return a === b ? square(of(a)) : times(of(a), of(b!));
    case "Div":
      return sharesOf(node, values, of) ?? quotient(of(a), of(b!));
    case "Mean":
      return times(node.input.map(of).reduce(plus), range(1 / node.input.length, 1 / node.input.length));
    case "ReduceMean":
    case "ReduceMax":
    case "ReduceMin":
    case "AveragePool":
    case "GlobalAveragePool":
    case "MaxPool":
    case "GlobalMaxPool":
    case "TopK":
      return of(a);
    case "ReduceSum":
      return times(of(a), counted(node, facts));
    case "MatMul":
    case "Gemm":
      return mixed(node, facts, of);
    case "Where":
      return hull(of(b!), of(node.input[2]!));
    case "Clip":
      return clipped(node, facts, of(a));
    case "Max":
    case "Min":
      return bounded(op, node.input.map(of));
    case "Relu":
      return { ...of(a), low: Math.max(0, of(a).low), high: Math.max(0, of(a).high) };
    case "LogSoftmax":
      return range(Number.NEGATIVE_INFINITY, 0, false, true, true);
    case "Exp":
      if (values.producer(a)?.opType === "LogSoftmax") return range(0, 1, true, true, true);
      return range(Math.exp(of(a).low), Math.exp(of(a).high));
    case "Reciprocal":
      return quotient(range(1, 1), of(a));
    case "Pow":
      return facts.scalar(b) === 2 ? square(of(a)) : ANY;
    case "Abs":
    case "ReduceSumSquare":
    case "Sqrt":
    case "Softplus":
      return range(0, Number.POSITIVE_INFINITY);
    case "LpNormalization":
    case "ai.onnx.ml.Normalizer":
      return sharesOf(node, values, of) ?? ANY;
    case "ai.onnx.ml.TreeEnsembleClassifier":
      return treeRange(node) ?? ANY;
    case "ai.onnx.ml.SVMClassifier":
      return plattRange(node) ?? ANY;
    default:
      return ANY;
  }
};

const ofNumbers = (numbers: readonly number[] | undefined): Range => {
  if (numbers === undefined || numbers.length === 0) return ANY;
  return range(minOf(numbers), maxOf(numbers), false, true); // exclusive: a constant takes nothing of what others are
};

/** One number, wherever its shape ends. */
const filled = (node: GraphNode): Range => {
  const value = getAttribute(node, "value")?.t;
  const number = value === undefined ? 0 : Number(readTensor(value).data[0]);
  return range(number, number, false, true);
};

/** 0 · ∞ is 0 here: a bound, not a number. */
const product = (a: number, b: number): number => (a === 0 || b === 0 ? 0 : a * b);

const plus = (a: Range, b: Range): Range =>
  range(a.low + b.low, a.high + b.high, a.probability || b.probability, a.exclusive && b.exclusive, a.logits || b.logits);

const times = (a: Range, b: Range): Range => {
  const ends = [product(a.low, b.low), product(a.low, b.high), product(a.high, b.low), product(a.high, b.high)];
  // A gate times a feature is no probability: only what is bounded keeps the mark.
  return range(minOf(ends), maxOf(ends), a.probability || b.probability, a.exclusive && b.exclusive, a.logits || b.logits);
};

const square = (a: Range): Range => ({ ...times(a, a), low: 0 });

const quotient = (a: Range, b: Range): Range => {
  if (b.low <= 0 && b.high >= 0) return ANY;
  const made = times(a, range(1 / b.high, 1 / b.low, b.probability, b.exclusive, b.logits));
  // 1/(1 + exp(−z)) is a sigmoid, spelled out.
  return a.low === 1 && a.high === 1 && b.low >= 1 && b.high === Number.POSITIVE_INFINITY
    ? { ...made, probability: true, logits: true }
    : made;
};

const hull = (a: Range, b: Range): Range =>
  range(
    Math.min(a.low, b.low),
    Math.max(a.high, b.high),
    a.probability || b.probability,
    a.exclusive && b.exclusive,
    a.logits || b.logits,
  );

const clipped = (node: GraphNode, facts: Facts, x: Range): Range => {
  const bound = (i: number, name: string, none: number) =>
    node.input[i] ? (facts.scalar(node.input[i]) ?? none) : getFloat(node, name, none);
  const low = bound(1, "min", Number.NEGATIVE_INFINITY);
  const high = bound(2, "max", Number.POSITIVE_INFINITY);
  return { ...x, low: Math.min(Math.max(x.low, low), high), high: Math.max(Math.min(x.high, high), low) };
};

const bounded = (op: "Max" | "Min", all: readonly Range[]): Range => {
  const pick = op === "Max" ? maxOf : minOf;
  return {
    low: pick(all.map(({ low }) => low)),
    high: pick(all.map(({ high }) => high)),
    probability: all.some(({ probability }) => probability),
    exclusive: all.every(({ exclusive }) => exclusive),
    logits: all.some(({ logits }) => logits),
  };
};

/** [1 − p, p], in either order, is one probability of two classes, whatever made p, as long as it lies between 0 and 1. */
const concat = (node: GraphNode, { facts, producer }: Values, of: Of): Range => {
  const parts = node.input.map(of);
  const whole = parts.reduce(hull);
  const [a, b] = node.input as [string, string?];
  const complements = (rest: string, p: string): boolean => {
    const sub = producer(rest);
    return sub?.opType === "Sub" && sub.input[1] === p && facts.scalar(sub.input[0]) === 1;
  };
  const two = node.input.length === 2 && (complements(a, b!) || complements(b!, a));
  const pair = two && whole.low >= 0 && whole.high <= 1;
  const probability = pair || parts.every((part) => part.probability);
  return { ...whole, probability, exclusive: whole.exclusive || two };
};

const counted = (node: GraphNode, facts: Facts): Range => {
  const axes = reducedAxes(node, facts);
  const shape = facts.shape(node.input[0]!);
  if (typeof axes === "string" || shape === undefined) return ANY;
  const count = axes.reduce<number>((n, axis) => n * (shape[axis] ?? Number.POSITIVE_INFINITY), 1);
  return Number.isFinite(count) ? range(count, count, false, true) : range(1, Number.POSITIVE_INFINITY, false, true);
};

/** A mixture by constant weights: probabilities times a matrix whose columns are ≥ 0. */
const mixed = (node: GraphNode, facts: Facts, of: Of): Range => {
  const [a, b] = node.input as [string, string];
  const x = of(a);
  const shape = facts.shape(b);
  if (!x.probability || !facts.isConstant(b) || shape?.length !== 2 || node.input.length > 2) return ANY;
  const weights = facts.numbers(b);
  if (weights === undefined) return ANY;
  const [rows, columns] = shape as [number, number];
  const swapped = node.opType === "Gemm" && getInt(node, "transB", 0) === 1;
  const at = (i: number, j: number) => weights[swapped ? j * columns + i : i * columns + j]!;
  const [inner, outer] = swapped ? [columns, rows] : [rows, columns];
  let [low, high] = [0, 0];
  for (let j = 0; j < outer; j++) {
    const column = Array.from({ length: inner }, (_, i) => at(i, j));
    // Of one softmax the weights are averaged; of independent ones they add up.
    const [least, most] = x.exclusive
      ? [minOf(column), maxOf(column)]
      : [column.reduce((s, w) => s + Math.min(0, w), 0), column.reduce((s, w) => s + Math.max(0, w), 0)];
    low = Math.min(low, least);
    high = Math.max(high, most);
  }
  return times(range(low, high, true, x.exclusive, x.logits), range(1, 1, false, true));
};
