/** Operators that were tried and dropped before opset 10, and that converters (Core ML, CNTK) still wrote for years. */
import { getFloat, getFloats, getInts } from "../../onnx/attributes.ts";
import type { Expansion } from "../pass.ts";

/** α x + β */
export const Affine: Expansion = (node, { g }) => [
  g.add(g.scale(node.input[0]!, getFloat(node, "alpha", 1)), g.floats(getFloat(node, "beta", 0))),
];

/** scale x + bias, one bias a channel */
export const ImageScaler: Expansion = (node, { g }) => {
  const bias = getFloats(node, "bias") ?? [0];
  return [g.add(g.scale(node.input[0]!, getFloat(node, "scale", 1)), g.floats(bias, [bias.length, 1, 1]))];
};

/** α tanh(β x) */
export const ScaledTanh: Expansion = (node, { g }) => [
  g.scale(g.op("Tanh", [g.scale(node.input[0]!, getFloat(node, "beta", 1))]), getFloat(node, "alpha", 1)),
];

/** α log(1 + exp(β x)) */
export const ParametricSoftplus: Expansion = (node, { g }) => [
  g.scale(g.op("Softplus", [g.scale(node.input[0]!, getFloat(node, "beta", 1))]), getFloat(node, "alpha", 1)),
];

/** Cuts `border` (left, top, right, bottom) off the last two axes, or `scale` (height, width) out from the left and top border. */
export const Crop: Expansion = (node, { g }) => {
  const [left = 0, top = 0, right = 0, bottom = 0] = getInts(node, "border") ?? [];
  const scale = getInts(node, "scale");
  const end = (cut: number) => (cut === 0 ? Number.MAX_SAFE_INTEGER : -cut);
  const ends = scale === undefined ? [end(bottom), end(right)] : [top + scale[0]!, left + scale[1]!];
  return [g.op("Slice", [node.input[0]!, g.ints([top, left]), g.ints(ends), g.ints([-2, -1])])];
};
