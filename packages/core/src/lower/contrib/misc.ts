/** Operators that are older or wider forms of standard ones. */
import { getInt, getString } from "../../onnx/attributes.ts";
import { DataType } from "../../onnx/proto.ts";
import { input, like } from "../parts.ts";
import type { Expansion, Expansions } from "../pass.ts";

/** The standard operator of the same name. */
const same =
  (opType: string): Expansion =>
  (node, { g }) => [like(g, node, opType, node.input)];

/** Pads of [1, 2r] as well as of [2r]. */
const Pad: Expansion = (node, { g }) => {
  const value = input(node, 2);
  const pads = g.op("Reshape", [node.input[1]!, g.ints([-1])]);
  return [like(g, node, "Pad", [node.input[0]!, pads, value === undefined ? undefined : g.op("Squeeze", [value])])];
};

/** The axis is an input; negative ones count from the end of the result. */
const ExpandDims: Expansion = (node, { g }) => [
  g.op("Unsqueeze", [node.input[0]!, g.op("Cast", [g.op("Reshape", [node.input[1]!, g.ints([1])])], { to: DataType.INT64 })]),
];

/** Scalars may come as lists of one; the step is optional. */
const Range: Expansion = (node, { g }) => {
  const scalars = node.input.filter(Boolean).map((x) => g.op("Squeeze", [x]));
  return scalars.length === 3 ? [g.op("Range", scalars)] : undefined;
};

/** softmax(x + bias) over the axes from `axis` on, as one. */
const BiasSoftmax: Expansion = (node, { g, facts }) => {
  const [x, bias] = node.input as [string, string];
  const [shape, biasShape] = [facts.shape(x), facts.shape(bias)];
  const axis = getInt(node, "axis", 1);
  if (shape === undefined || biasShape === undefined) return undefined;
  if (axis !== -1 && axis !== shape.length - 1) return undefined;
  return [g.op("Softmax", [g.add(x, bias)], { axis: -1 })];
};

/** Distances of all rows of A to all rows of B, metric by metric. */
const CDist: Expansion = (node, { g }) => {
  const metric = getString(node, "metric", "sqeuclidean");
  if (metric !== "sqeuclidean" && metric !== "euclidean") return `backlit does not know the distance '${metric}'`;
  const [a, b] = [0, 1].map((i) => g.op("Unsqueeze", [node.input[i]!, g.ints([1 - i])])) as [string, string];
  const gap = g.sub(a, b); // [m, 1, n] − [1, k, n]
  const squares = g.reduceSum(g.mul(gap, gap), [2], 0);
  return [metric === "euclidean" ? g.op("Sqrt", [squares]) : squares];
};

/** The unique values in the order they occur in. */
const Unique: Expansion = (node, { g }) => {
  const [y, , back, counts] = g.ops("Unique", [node.input[0]!], { sorted: 0 }, 4);
  return [y!, back!, counts!];
};

export const others: Expansions = {
  "com.microsoft.Trilu": same("Trilu"),
  "com.microsoft.GridSample": same("GridSample"),
  "com.microsoft.GatherND": same("GatherND"),
  "com.microsoft.Pad": Pad,
  "com.microsoft.ExpandDims": ExpandDims,
  "com.microsoft.Range": Range,
  "com.microsoft.BiasSoftmax": BiasSoftmax,
  "com.microsoft.CDist": CDist,
  "com.microsoft.Unique": Unique,
  "com.microsoft.BiasAdd": (node, { g }) => [g.add(g.add(node.input[0]!, node.input[1]!), node.input[2]!)],
};
