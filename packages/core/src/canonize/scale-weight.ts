/** Multiplying a layer's weights per output or per input channel, in the layout of each linear op. */

import type { GraphNode } from "../graph/graph.ts";
import { getInt } from "../onnx/attributes.ts";
import type { View } from "./rewrite.ts";

const ones = (n: number): number[] => Array.from({ length: n }, () => 1);

/** diag(a) W: the weight whose results are a times as large, channel by channel. */
export const scaleOutputs = (node: GraphNode, a: Float64Array, view: View): string => {
  const weight = node.input[1]!;
  const shape = view.facts.shapeOf(weight) as number[];
  const group = getInt(node, "group", 1);
  const layout = {
    Conv: [a.length, ...ones(shape.length - 1)],
    ConvTranspose: [a.length / group, ...ones(shape.length - 2)], // [C, M/group, …]: the same for all C of a group
    Gemm: getInt(node, "transB", 0) ? [a.length, 1] : [a.length],
    MatMul: [a.length],
  }[node.opType]!;
  if (node.opType === "ConvTranspose" && group > 1)
    return scaleGroups(weight, a, [group, 1, a.length / group, ...ones(shape.length - 2)], view);
  return product(weight, view.build.floats(Float32Array.from(a), layout), view);
};

/** W diag(a), and W c per output channel: what an affine map of the layer's input does to weight and bias. */
export const scaleInputs = (
  node: GraphNode,
  a: Float64Array,
  c: Float64Array,
  view: View,
): { readonly weight: string; readonly shift: string } => {
  const { build, facts } = view;
  const weight = node.input[1]!;
  const shape = facts.shapeOf(weight) as number[];
  const group = getInt(node, "group", 1);
  const float = (v: Float64Array, dims: readonly number[]) => build.floats(Float32Array.from(v), dims);
  const summed = (value: string, axes: readonly number[], channels: number) => {
    const sum = build.reshape(build.reduceSum(value, axes), [channels]);
    facts.add(sum, [channels]);
    return sum;
  };
  if (node.opType === "Conv") {
    const [m, k, ...kernel] = shape as [number, number, ...number[]];
    const split = [group, m / group, k, ...kernel];
    const layout = [group, 1, k, ...ones(kernel.length)];
    const parts = build.reshape(weight, split);
    const shifted = build.mul(parts, float(c, layout));
    return { weight: scaleGroups(weight, a, layout, view, split), shift: summed(shifted, split.map((_, i) => i).slice(2), m) };
  }
  if (node.opType === "ConvTranspose") {
    const layout = [a.length, ...ones(shape.length - 1)];
    const zero = build.floats(new Float32Array(shape[1]! * group));
    return { weight: product(weight, float(a, layout), view), shift: zero };
  }
  const rows = node.opType === "Gemm" && getInt(node, "transB", 0) === 1; // [M, K] instead of [K, M]
  const layout = rows ? [1, a.length] : [a.length, 1];
  return {
    weight: product(weight, float(a, layout), view),
    shift: summed(build.mul(weight, float(c, layout)), [rows ? 1 : 0], shape[rows ? 0 : 1]!),
  };
};

const product = (weight: string, factor: string, view: View): string => {
  const scaled = view.build.mul(weight, factor);
  view.facts.add(scaled, view.facts.shapeOf(weight));
  return scaled;
};

/** Through a view of the weight with the groups as an axis of their own. */
const scaleGroups = (
  weight: string,
  a: Float64Array,
  layout: readonly number[],
  view: View,
  split?: readonly number[],
): string => {
  const shape = view.facts.shapeOf(weight) as number[];
  const grouped = split ?? [layout[0]!, shape[0]! / layout[0]!, ...shape.slice(1)];
  const scaled = view.build.mul(view.build.reshape(weight, grouped), view.build.floats(Float32Array.from(a), layout));
  const back = view.build.reshape(scaled, shape);
  view.facts.add(back, shape);
  return back;
};
