/**
 * A batch norm that was exported as what it does, y = x · a + c with a number a channel (frozen ones of detectors, and what optimizers leave),
 * is written as the BatchNormalization it is: merged into a layer, or a layer itself. Behind a norm over the sample's own values
 * such a pair belongs to that norm; at the input it is preprocessing.
 */
import type { GraphNode } from "../graph/graph.ts";
import { attr } from "../onnx/attributes.ts";
import type { Replacement, Rewrite, View } from "./rewrite.ts";

/** What batch norms stand behind. */
const BEFORE =
  /^(Conv|ConvTranspose|Relu|LeakyRelu|PRelu|Elu|Clip|Concat|Add|Sum|MaxPool|AveragePool|Global(Average|Max)Pool|Resize|DepthToSpace)$/;

export const scaleShift: Rewrite = {
  name: "scale-shift-to-batch-norm",
  what: "a Mul and an Add with constants of one number a channel, on maps, are the BatchNormalization they were",
  match(shift, view): Replacement | undefined {
    if (shift.opType !== "Add" || shift.domain !== "") return undefined;
    const c = withConstant(shift, view);
    const scale = c && view.producer(c.value);
    if (c === undefined || scale?.opType !== "Mul" || scale.domain !== "" || view.soleConsumer(c.value) !== shift)
      return undefined;
    const a = withConstant(scale, view);
    const made = a && view.producer(a.value);
    if (a === undefined || made === undefined || made.domain !== "" || !BEFORE.test(made.opType)) return undefined;
    const factors = perChannel(a.constant, a.value, view);
    const shifts = perChannel(c.constant, a.value, view);
    if (factors === undefined || shifts === undefined) return undefined;
    const zeros = view.constant(factors.map(() => 0));
    const ones = view.constant(factors.map(() => 1));
    const norm: GraphNode = {
      ...shift,
      opType: "BatchNormalization",
      input: [a.value, view.constant(factors), view.constant(shifts), zeros, ones],
      attribute: [attr.float("epsilon", 0)],
    };
    return { remove: [scale, shift], add: [norm], merged: new Map([[c.value, shift.output[0]!]]) };
  },
};

/** The value and the constant of a node of both. */
const withConstant = (
  { input }: GraphNode,
  { facts }: View,
): { readonly value: string; readonly constant: string } | undefined => {
  const [first, second] = input as [string, string];
  if (facts.isConstant(first) === facts.isConstant(second)) return undefined;
  return facts.isConstant(second) ? { value: first, constant: second } : { value: second, constant: first };
};

/** The numbers of a constant that varies along the channels of a map alone; undefined for any other. */
const perChannel = (constant: string, value: string, { facts }: View): readonly number[] | undefined => {
  const [map, own] = [facts.shape(value), facts.shape(constant)];
  const channels = map?.[1];
  if (map === undefined || own === undefined || map.length < 3 || channels == null || channels < 2) return undefined;
  const aligned = [...map.slice(own.length).map(() => 1), ...own];
  return aligned.length === map.length && aligned.every((size, axis) => size === (axis === 1 ? channels : 1))
    ? facts.numbers(constant)
    : undefined;
};
