/**
 * LinearClassifier, LinearRegressor: z = x Wᵀ + b. One row of weights for two classes stands for scores of both: with LOGISTIC
 * [σ(−z), σ(z)], which is one layer of two rows, else [1 − z, z], whatever the transform.
 */
import { getFloats } from "../../onnx/attributes.ts";
import { DataType, type NodeProto } from "../../onnx/proto.ts";
import type { Context, Expansion } from "../pass.ts";
import { asFloat, dense, featuresOf, labelAt, rowsOf, transformed, transformOf } from "./parts.ts";

const layerOf = (node: NodeProto, context: Context) => {
  const features = featuresOf(context, node.input[0]!);
  if (features === undefined) return undefined;
  const bias = getFloats(node, "intercepts") ?? [];
  const all = rowsOf(getFloats(node, "coefficients") ?? [], features);
  const rows = bias.length === 0 ? all : all.slice(0, bias.length); // the runtime reads no more than it has intercepts for
  return { rows, bias: bias.length === 0 ? rows.map(() => 0) : bias };
};

export const LinearClassifier: Expansion = (node, context) => {
  const layer = layerOf(node, context);
  const transform = transformOf(node);
  if (typeof transform === "object") return transform.why;
  if (layer === undefined) return undefined;
  const { g } = context;
  const { rows, bias } = layer;
  const x = asFloat(context, node.input[0]!);
  if (rows.length > 1) {
    const scores = dense(g, x, rows, bias);
    return [labelAt(g, node, g.op("ArgMax", [scores], { axis: 1, keepdims: 0 })), transformed(g, scores, transform)];
  }
  const [row, b] = [rows[0]!, bias[0]!];
  const scores = dense(g, x, [row.map((w) => -w), row], [transform === "LOGISTIC" ? -b : 1 - b, b]);
  const second = g.op("Gather", [scores, g.ints(1)], { axis: 1 });
  const positive = g.op("Cast", [g.op("Greater", [second, g.floats(0)])], { to: DataType.INT64 });
  return [labelAt(g, node, positive), transform === "LOGISTIC" ? g.op("Sigmoid", [scores]) : scores];
};

export const LinearRegressor: Expansion = (node, context) => {
  const layer = layerOf(node, context);
  const transform = transformOf(node);
  if (typeof transform === "object") return transform.why;
  if (layer === undefined) return undefined;
  const { g } = context;
  const scores = dense(g, asFloat(context, node.input[0]!), layer.rows, layer.bias);
  return [layer.rows.length > 1 ? transformed(g, scores, transform) : scores];
};
