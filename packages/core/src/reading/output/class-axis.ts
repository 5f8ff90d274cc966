/** Which axis of the explained value counts classes: the channels of the layer that made it, wherever they are moved. */
import type { Shape } from "../../graph/facts.ts";
import { type GraphNode, opName } from "../../graph/graph.ts";
import { getInt, getInts } from "../../onnx/attributes.ts";
import { reducedAxes } from "../../ops/reduce.ts";
import type { Values } from "./interval.ts";

const RESHAPED = new Set(["Reshape", "Flatten", "Squeeze", "Unsqueeze"]);
const DEEP = 64;

/** Undefined where no layer tells, or where its channels are summed up. */
export const channelsOf = (value: string, values: Values, depth = 0): number | undefined => {
  const { producer, facts } = values;
  const node = producer(value);
  const shape = facts.shape(value);
  if (node === undefined || shape === undefined || depth > DEEP) return undefined;
  const before = () => {
    const input = node.input.find((name) => name !== "" && !facts.isConstant(name) && facts.shape(name) !== undefined);
    const axis = input === undefined ? undefined : channelsOf(input, values, depth + 1);
    return input === undefined || axis === undefined ? undefined : { axis, from: facts.shapeOf(input), input };
  };
  switch (opName(node)) {
    case "Conv":
    case "ConvTranspose":
    case "Gemm":
      return 1;
    case "MatMul":
      return facts.isConstant(node.input[0]!) && shape.length > 1 ? shape.length - 2 : shape.length - 1;
    case "Einsum":
      return undefined;
    case "Concat": {
      const axis = getInt(node, "axis", 0);
      return before()?.axis ?? (axis < 0 ? axis + shape.length : axis);
    }
  }
  const found = before();
  if (found === undefined) return undefined;
  return moved(node, found, shape, values);
};

interface Before {
  readonly axis: number;
  readonly from: Shape;
  readonly input: string;
}

const moved = (node: GraphNode, { axis, from, input }: Before, to: Shape, { facts }: Values): number | undefined => {
  const op = opName(node);
  if (op === "Transpose") return (getInts(node, "perm") ?? [...from.keys()].reverse()).indexOf(axis);
  if (RESHAPED.has(op)) return reshaped(axis, from, to);
  if (/^Reduce|^Arg/.test(op)) {
    const axes = op.startsWith("Reduce") ? reducedAxes(node, facts) : [getInt(node, "axis", 0)];
    if (typeof axes === "string" || axes.includes(axis)) return undefined;
    return to.length === from.length ? axis : axis - axes.filter((a) => a < axis).length;
  }
  if (op === "Gather" && input === node.input[0]) {
    const along = getInt(node, "axis", 0);
    const counted = along < 0 ? along + from.length : along;
    if (counted === axis) return to.length === from.length ? axis : undefined;
    return axis < counted ? axis : axis + to.length - from.length;
  }
  const shifted = axis + to.length - from.length;
  return shifted >= 0 && shifted < to.length ? shifted : undefined;
};

/** The axis of the same size with as much before it, or as much behind it. */
const reshaped = (axis: number, from: Shape, to: Shape): number | undefined => {
  const product = (shape: Shape) => shape.reduce<number>((n, d) => n * (d ?? Number.NaN), 1);
  const same = (a: number, b: number) => a === b;
  const fits = (i: number) =>
    to[i] === from[axis] &&
    (same(product(to.slice(i + 1)), product(from.slice(axis + 1))) ||
      same(product(to.slice(0, i)), product(from.slice(0, axis))));
  const found = to.findIndex((_, i) => fits(i));
  return found < 0 ? undefined : found;
};
