/**
 * x·W followed by + b is one linear layer with a bias: MatMul + Add becomes MatMul(x, W, b), Conv + Add gets Conv's bias input.
 * The shape of a constant says whether it is a bias: those that vary along the layer's own output axes, and along no other. A number for
 * all, and what has an axis of positions, stays an addend.
 */
import { type Facts, type Shape, sizeOf } from "../graph/facts.ts";
import type { GraphNode } from "../graph/graph.ts";
import { getFloat, getString } from "../onnx/attributes.ts";
import { parseEquation } from "../ops/equation.ts";
import { bodyOf, type Rewrite, unit } from "./rewrite.ts";

/** With a bias input of one axis. */
const CONVOLUTIONS = new Set(["Conv", "ConvTranspose"]);

export const linearBias: Rewrite = {
  name: "linear-bias",
  what: "an Add of a constant along the channels after MatMul, Gemm, Einsum, Conv or ConvTranspose becomes the layer's bias",
  match(add, view) {
    if (add.opType !== "Add" || add.domain !== "") return undefined;
    const { facts } = view;
    const side = add.input.findIndex((name) => facts.isConstant(name));
    const value = add.input[1 - side];
    const linear = side < 0 ? undefined : view.producer(value);
    if (linear === undefined || linear.domain !== "") return undefined;
    const own = ownAxes(linear, facts);
    if (own === undefined) return undefined;
    if (typeof own === "string") return own;
    if (view.soleConsumer(value!) !== add) return "the layer's result without the addend is used elsewhere";
    const bias = add.input[side]!;
    const [shape, out] = [facts.shapeOf(bias), facts.shapeOf(value!)];
    const reason = alongOwn(shape, out, own);
    if (reason !== undefined) return reason;
    const flat = CONVOLUTIONS.has(linear.opType) && shape.length > 1 ? flatten(bias, view) : bias;
    const merged: GraphNode = { ...linear, input: [linear.input[0]!, linear.input[1]!, flat], output: add.output };
    const native = CONVOLUTIONS.has(linear.opType) || linear.opType === "Gemm";
    return {
      remove: [linear, add],
      add: [native ? merged : unit(merged, [...bodyOf(linear), add])],
      merged: new Map([[value!, add.output[0]!]]),
    };
  },
};

/** The axes of a layer's result that come from its weights alone. Text: it can have no bias here; undefined: it is no layer. */
const ownAxes = (linear: GraphNode, facts: Facts): readonly number[] | string | undefined => {
  const [a, b, bias] = linear.input as [string, string?, string?];
  const rank = facts.rank(linear.output[0]!);
  const fixed = [a, b].map((name) => name !== undefined && facts.isConstant(name));
  const left = fixed[0] === true; // W·x
  switch (linear.opType) {
    case "Conv":
    case "ConvTranspose":
      if (!fixed[1]) return "the layer's weight is not a constant";
      return bias ? "the layer already has a bias" : [1];
    case "MatMul":
      if (!fixed.some(Boolean)) return "the layer's weight is not a constant";
      if (bias) return "the layer already has a bias";
      if (facts.rank(left ? a : b!) === 1) return []; // a vector: one result, without an axis
      return [left && facts.rank(b!) > 1 ? rank - 2 : rank - 1];
    case "Gemm":
      if (!fixed.some(Boolean)) return "the layer's weight is not a constant";
      if (bias) return "the layer already has a bias";
      return getFloat(linear, "beta", 1) === 1 ? [left ? 0 : 1] : "its factor beta is left";
    case "Einsum": {
      if (linear.input.length !== 2 || !fixed.some(Boolean)) return "it is no product with one constant";
      const { inputs, output } = parseEquation(getString(linear, "equation", ""), [facts.rank(a), facts.rank(b!)]);
      const [weight, x] = left ? [inputs[0]!, inputs[1]!] : [inputs[1]!, inputs[0]!];
      return output.flatMap((label, axis) => (weight.includes(label) && !x.includes(label) ? [axis] : []));
    }
    default:
      return undefined;
  }
};

/** Why an addend is no bias. */
const alongOwn = (shape: Shape, out: Shape, own: readonly number[]): string | undefined => {
  const offset = out.length - shape.length;
  if (offset < 0) return "the addend has more axes than the layer's result";
  const varies = shape.findIndex((d, i) => d !== 1 && !own.includes(i + offset));
  if (varies >= 0)
    return `the addend varies along axis ${varies + offset}, not only along the channels (axis ${own.join(", ") || "none"})`;
  if (shape.some((d, i) => d !== out[i + offset] && d !== 1)) return "the addend widens the layer's result";
  return own.some((axis) => axis >= offset && shape[axis - offset] === out[axis])
    ? undefined
    : "the addend is one number for all";
};

const flatten = (bias: string, view: Parameters<Rewrite["match"]>[1]): string => {
  const known = view.facts.numbers(bias);
  if (known !== undefined) return view.constant(known);
  const flat = view.build.op("Reshape", [bias, view.build.ints([-1])]);
  view.facts.add(flat, [sizeOf(view.facts.shapeOf(bias))]);
  return flat;
};
