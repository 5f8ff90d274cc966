/** What the operators of scikit-learn's exporter share: float inputs, matrices of numbers, labels, what is done to scores. */
import type { Builder } from "../../graph/builder.ts";
import { getInts, getString, getStrings } from "../../onnx/attributes.ts";
import { DataType, type NodeProto } from "../../onnx/proto.ts";
import { makeTensor } from "../../onnx/tensors.ts";
import type { Context } from "../pass.ts";

/** The value as float32: these operators take integers and float64 as well. */
export const asFloat = ({ g }: Context, value: string): string => g.op("Cast", [value], { to: DataType.FLOAT });

/** [N, features], or undefined: another rank, or not known yet. */
export const featuresOf = ({ facts }: Context, value: string): number | undefined => {
  const shape = facts.shape(value);
  return shape?.length === 2 ? (shape[1] ?? undefined) : undefined;
};

/** x Wᵀ + b for rows of weights: one layer. */
export const dense = (g: Builder, x: string, rows: readonly (readonly number[])[], bias: readonly number[]): string =>
  g.op("Gemm", [x, g.floats(rows.flat(), [rows.length, rows[0]!.length]), g.floats(bias)], { transB: 1 });

export const rowsOf = (numbers: readonly number[], width: number): number[][] =>
  Array.from({ length: numbers.length / width }, (_, i) => numbers.slice(i * width, (i + 1) * width));

/** The labels (numbers or text) at positions [N]. */
export const labelAt = (g: Builder, node: NodeProto, positions: string): string => {
  const texts = getStrings(node, "classlabels_strings") ?? [];
  return g.op("Gather", [texts.length > 0 ? strings(g, texts) : g.ints(getInts(node, "classlabels_ints") ?? []), positions]);
};

const strings = (g: Builder, data: readonly string[]): string => {
  const name = g.name("labels");
  g.constants.push(makeTensor(name, { type: "string", dims: [data.length], data }));
  return name;
};

export type Transform = "NONE" | "LOGISTIC" | "SOFTMAX";
/** Text says why the scores cannot be had. */
export const transformOf = (node: NodeProto): Transform | { readonly why: string } => {
  const transform = getString(node, "post_transform", "NONE");
  if (transform === "NONE" || transform === "LOGISTIC" || transform === "SOFTMAX") return transform;
  return { why: `what it does to its scores (${transform}) is not written out here` };
};

/** Scores [N, E], E > 1, after the transform. */
export const transformed = (g: Builder, scores: string, transform: Transform): string => {
  if (transform === "NONE") return scores;
  return transform === "LOGISTIC" ? g.op("Sigmoid", [scores]) : g.op("Softmax", [scores], { axis: -1 });
};
