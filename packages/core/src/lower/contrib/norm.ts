/**
 * Normalizations with what was fused into them.
 *
 *   SkipLayerNormalization: LayerNorm(input + skip + bias)
 *   SimplifiedLayerNormalization: RMS norm, x · 1/√(mean(x²) + ε) · scale (Zhang & Sennrich 2019)
 *   GroupNorm: channels in groups, each to mean 0 and variance 1; then SiLU where asked for
 */
import { type Builder, float } from "../../graph/builder.ts";
import { getFloat, getInt } from "../../onnx/attributes.ts";
import type { NodeProto } from "../../onnx/proto.ts";
import { input, mean, plus, wants } from "../parts.ts";
import type { Context, Expansion, Expansions } from "../pass.ts";
import { channelsFirst, channelsLast } from "./conv.ts";
import { silu } from "./gelu.ts";

/** RMS norm as exporters spell it; also gives 1/√(mean(x²) + ε). */
const rmsNorm = (
  g: Builder,
  opset: number,
  x: string,
  scale: string | undefined,
  epsilon: number,
  axes: readonly number[] = [-1],
): { readonly y: string; readonly inverse: string } => {
  const square = mean(g, opset, g.op("Pow", [x, g.floats(2)]), axes);
  const inverse = g.div(g.floats(1), g.op("Sqrt", [g.add(square, g.floats(epsilon))]));
  const normal = g.mul(x, inverse);
  return { y: scale === undefined ? normal : g.mul(normal, scale), inverse };
};

/** input + skip + bias. The bias is that of the dense layer whose result is one of the two. */
const skipSum = (node: NodeProto, bias: string | undefined, { g, producer }: Context): string => {
  const [x, skip] = node.input as [string, string];
  if (bias === undefined) return g.add(x, skip);
  const onSkip = producer(skip)?.opType.endsWith("MatMul") && !producer(x)?.opType.endsWith("MatMul");
  return onSkip ? g.add(x, g.add(skip, bias)) : g.add(g.add(x, bias), skip);
};

const SkipLayerNormalization: Expansion = (node, context) => {
  const { g } = context;
  const sum = skipSum(node, input(node, 4), context);
  const epsilon = float(getFloat(node, "epsilon", 1e-12));
  const beta = input(node, 3);
  const inputs = [sum, node.input[2]!, ...(beta === undefined ? [] : [beta])];
  const saved = wants(node, 1) || wants(node, 2);
  const [y, mean, inverse] = g.ops("LayerNormalization", inputs, { axis: -1, epsilon }, saved ? 3 : 1);
  return [y!, mean ?? y!, inverse ?? y!, sum];
};

const SkipSimplifiedLayerNormalization: Expansion = (node, context) => {
  const sum = skipSum(node, input(node, 3), context);
  const { y, inverse } = rmsNorm(context.g, context.opset, sum, node.input[2]!, getFloat(node, "epsilon", 1e-12));
  return [y, inverse, inverse, sum];
};

const SimplifiedLayerNormalization: Expansion = (node, { g, facts, opset }) => {
  const rank = facts.shape(node.input[0]!)?.length;
  const axis = getInt(node, "axis", -1);
  if (rank === undefined && axis !== -1) return undefined;
  const from = axis < 0 ? axis : axis - rank!;
  const axes = Array.from({ length: -from }, (_, i) => from + i);
  const { y, inverse } = rmsNorm(g, opset, node.input[0]!, input(node, 1), getFloat(node, "epsilon", 1e-5), axes);
  return [y, inverse];
};

/** Groups as rows: [N, C, H, W] to [N, groups, −1], normalized along the last axis as InstanceNormalization does. */
const groupNorm = (g: Builder, node: NodeProto, x: string): string => {
  const last = getInt(node, "channels_last", 1) === 1;
  const first = last ? channelsFirst(g, x, 4) : x;
  const groups = getInt(node, "groups", 1);
  const rows = g.op("Reshape", [first, g.ints([0, groups, -1])]);
  const [ones, zeros] = [g.floats(new Float32Array(groups).fill(1)), g.floats(new Float32Array(groups))];
  const epsilon = float(getFloat(node, "epsilon", 1e-5));
  const normal = g.op("Reshape", [g.op("InstanceNormalization", [rows, ones, zeros], { epsilon }), g.op("Shape", [first])]);
  const column = (i: number) => g.op("Reshape", [node.input[i]!, g.ints([1, -1, 1, 1])]);
  const affine = g.add(g.mul(normal, column(1)), column(2));
  const y = getInt(node, "activation", 0) === 1 ? silu(g, affine) : affine;
  return last ? channelsLast(g, y, 4) : y;
};

/** GroupNorm of x + skip + bias; a skip of [N, C] or [N, 1, 1, C] is the same for all pixels. */
const SkipGroupNorm: Expansion = (node, { g, facts }) => {
  const last = getInt(node, "channels_last", 1) === 1;
  const channels = last ? [0, 1, 1, -1] : [0, -1, 1, 1];
  const flat = facts.shape(node.input[3]!)?.length === 2;
  const skip = flat ? g.op("Reshape", [node.input[3]!, g.ints(channels)]) : node.input[3]!;
  const bias = input(node, 4);
  const sum = g.add(node.input[0]!, skip);
  const column = bias === undefined || last ? bias : g.op("Reshape", [bias, g.ints([-1, 1, 1])]);
  const all = plus(g, sum, column);
  return [groupNorm(g, node, all), all];
};

export const normalizations: Expansions = {
  "com.microsoft.SkipLayerNormalization": SkipLayerNormalization,
  "com.microsoft.SkipSimplifiedLayerNormalization": SkipSimplifiedLayerNormalization,
  "com.microsoft.SimplifiedLayerNormalization": SimplifiedLayerNormalization,
  SimplifiedLayerNormalization,
  "com.microsoft.GroupNorm": (node, { g }) => [groupNorm(g, node, node.input[0]!)],
  "com.microsoft.SkipGroupNorm": SkipGroupNorm,
};
