/** Preprocessing of scikit-learn's pipelines in plain operators. */
import { behind } from "../../graph/behind.ts";
import { getFloat, getFloats, getInt, getInts, getString } from "../../onnx/attributes.ts";
import { DataType, type NodeProto } from "../../onnx/proto.ts";
import type { Context, Expansion } from "../pass.ts";
import { asFloat } from "./parts.ts";

/** (x − offset) scale, one number for all features or one each */
export const Scaler: Expansion = (node, context) => {
  const { g } = context;
  const [offset, scale] = [getFloats(node, "offset") ?? [0], getFloats(node, "scale") ?? [1]];
  const x = asFloat(context, node.input[0]!);
  const centred = offset.every((v) => v === 0) ? x : g.sub(x, g.floats(offset));
  return [scale.every((v) => v === 1) ? g.op("Identity", [centred]) : g.mul(centred, g.floats(scale))];
};

/** Is a value non-negative with a sum of 1 already? Classifiers' probabilities are normalised once more. */
const isDistribution = (context: Context, value: string): boolean => {
  const same = (node: NodeProto) => node.opType === "Cast" || node.opType === "Identity";
  const node = context.producer(behind(value, context.producer, same));
  if (node === undefined) return false;
  if (node.opType === "Softmax") return true;
  if (node.opType !== "LinearClassifier") return false;
  const transform = getString(node, "post_transform", "NONE");
  return transform === "SOFTMAX" ? rowsOfWeights(node) > 1 : transform === "LOGISTIC" && rowsOfWeights(node) === 1;
};
const rowsOfWeights = (node: NodeProto): number => getFloats(node, "intercepts")?.length ?? 0;

/** x over its norm; over its largest value, whatever that one's sign, for MAX. Zeros stay. */
export const Normalizer: Expansion = (node, context) => {
  const { g, opset } = context;
  const norm = getString(node, "norm", "MAX");
  if (norm === "L1" && isDistribution(context, node.input[0]!)) return [node.input[0]!];
  const x = asFloat(context, node.input[0]!);
  if (norm !== "MAX") return [g.op("LpNormalization", [x], { axis: -1, p: norm === "L1" ? 1 : 2 })];
  const most = opset < 18 ? g.op("ReduceMax", [x], { axes: [-1] }) : g.op("ReduceMax", [x, g.ints([-1])]);
  return [g.div(x, g.add(most, g.mask(g.op("Equal", [most, g.floats(0)]))))];
};

/** Replaces one value, most often NaN. */
export const Imputer: Expansion = (node, { g }) => {
  const x = node.input[0]!;
  const ints = getInts(node, "imputed_value_int64s") ?? [];
  if (ints.length > 0)
    return [g.op("Where", [g.op("Equal", [x, g.ints(getInt(node, "replaced_value_int64", 0))]), g.ints(ints), x])];
  const replaced = getFloat(node, "replaced_value_float", 0);
  const missing = Number.isNaN(replaced) ? g.op("IsNaN", [x]) : g.op("Equal", [x, g.floats(replaced)]);
  return [g.op("Where", [missing, g.floats(getFloats(node, "imputed_value_floats") ?? [0]), x])];
};

/** [x > threshold]: nothing flows through it. */
export const Binarizer: Expansion = (node, context) => {
  const { g } = context;
  return [g.mask(g.op("Greater", [asFloat(context, node.input[0]!), g.floats(getFloat(node, "threshold", 0))]))];
};

/** Columns side by side, as float32. */
export const FeatureVectorizer: Expansion = (node, context) => {
  const { g, facts } = context;
  const widths = getInts(node, "inputdimensions") ?? [];
  const shapes = node.input.map((name) => facts.shape(name));
  if (shapes.some((shape, i) => shape?.length !== 2 || shape[1] !== widths[i])) return undefined;
  return [
    g.op(
      "Concat",
      node.input.map((name) => asFloat(context, name)),
      { axis: 1 },
    ),
  ];
};

/** Columns by position along the last axis; a row of them comes out as a matrix. */
export const ArrayFeatureExtractor: Expansion = (node, { g, facts }) => {
  const [x, at] = node.input as [string, string];
  const rank = facts.shape(x)?.length;
  if (rank === undefined) return undefined;
  const picked = g.op("Gather", [x, g.op("Reshape", [at, g.ints([-1])])], { axis: rank - 1 });
  return [rank === 1 ? g.op("Unsqueeze", [picked, g.ints([0])]) : picked];
};

/** [x = category] behind the last axis. Text stays as it is. */
export const OneHotEncoder: Expansion = (node, { g }) => {
  const categories = getInts(node, "cats_int64s") ?? [];
  if (categories.length === 0 || getInt(node, "zeros", 1) === 0) return undefined;
  const x = g.op("Unsqueeze", [g.op("Cast", [node.input[0]!], { to: DataType.INT64 }), g.ints([-1])]);
  return [g.mask(g.op("Equal", [x, g.ints(categories)]))];
};
