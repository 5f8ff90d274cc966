/** Products of matrices with transposes, a factor, an activation. */
import { getFloat, getInt, getString } from "../../onnx/attributes.ts";
import { activate, input, like, plus } from "../parts.ts";
import type { Context, Expansion, Expansions } from "../pass.ts";
import { geluTanh } from "./gelu.ts";

const ACTIVATION = ["activation", "activation_alpha", "activation_beta", "activation_gamma"];

/** activation(alpha · A′·B′ + beta · C) */
const FusedGemm: Expansion = (node, { g }) => {
  const y = like(g, node, "Gemm", node.input, [...ACTIVATION, "leaky_relu_alpha"]);
  const alpha = getFloat(node, "activation_alpha") ?? getFloat(node, "leaky_relu_alpha");
  const second = getFloat(node, "activation_beta") ?? getFloat(node, "activation_gamma");
  return [activate(g, y, getString(node, "activation"), [alpha, second])];
};

/**
 * A matrix with its last two axes exchanged (`trans`) after its first axis was moved next to the last (`batch`). Vectors stay.
 * Undefined where the rank matters and is unknown.
 */
const turned = ({ g, facts }: Context, x: string, trans: boolean, batch: boolean): string | undefined => {
  if (!trans && !batch) return x;
  const rank = facts.shape(x)?.length;
  if (rank === undefined) return undefined;
  if (rank < 2) return x;
  const axes = Array.from({ length: rank }, (_, i) => i);
  const moved = batch ? [...axes.slice(1, -1), 0, rank - 1] : axes;
  return g.transpose(x, trans ? [...moved.slice(0, -2), moved.at(-1)!, moved.at(-2)!] : moved);
};

/** alpha · A′·B′, as numpy.matmul. */
const product = (node: Parameters<Expansion>[0], context: Context): string | undefined => {
  const { g, facts } = context;
  const flag = (name: string) => getInt(node, name, 0) === 1;
  const [a, b] = node.input as [string, string];
  const left = turned(context, a, flag("transA"), flag("transBatchA"));
  const right = turned(context, b, flag("transB"), flag("transBatchB"));
  if (left === undefined || right === undefined) return undefined;
  const alpha = getFloat(node, "alpha", 1);
  // A layer's factor belongs to its weight; attention's to its scores.
  return facts.isConstant(b) ? g.op("MatMul", [left, g.scale(right, alpha)]) : g.scale(g.op("MatMul", [left, right]), alpha);
};

const FusedMatMul: Expansion = (node, context) => {
  const y = product(node, context);
  return y === undefined ? undefined : [y];
};

const FusedMatMulActivation: Expansion = (node, context) => {
  const y = product(node, context);
  if (y === undefined) return undefined;
  const params = ["activation_alpha", "activation_beta", "activation_gamma"].map((name) => getFloat(node, name));
  return [activate(context.g, y, getString(node, "activation"), params)];
};

const GemmFastGelu: Expansion = (node, { g, opset }) => {
  const y = g.op("MatMul", [node.input[0]!, node.input[1]!]);
  return [geluTanh(g, opset, plus(g, y, input(node, 2)))];
};

export const products: Expansions = {
  "com.microsoft.FusedGemm": FusedGemm,
  "com.microsoft.FusedMatMul": FusedMatMul,
  "com.microsoft.TransposeMatMul": FusedMatMul,
  "com.microsoft.FusedMatMulActivation": FusedMatMulActivation,
  "com.microsoft.GemmFastGelu": GemmFastGelu,
};
