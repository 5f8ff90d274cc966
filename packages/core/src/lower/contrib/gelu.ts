/**
 * GELU and its relatives, spelled out: Gelu is an operator only since opset 20, and canonization recognises both forms.
 *
 *   gelu(x) = x · ½(1 + erf(x/√2))          (Hendrycks & Gimpel 2016)
 *   tanh form: x · ½(1 + tanh(√(2/π)(x + 0.044715 x³)))
 *   quick form: x · σ(αx)
 */
import type { Builder } from "../../graph/builder.ts";
import { getFloat } from "../../onnx/attributes.ts";
import { input, plus, split } from "../parts.ts";
import type { Expansion, Expansions } from "../pass.ts";

const half = (g: Builder, x: string): string => g.scale(g.add(x, g.floats(1)), 0.5);

const gelu = (g: Builder, opset: number, x: string): string =>
  opset >= 20 ? g.op("Gelu", [x]) : g.mul(x, half(g, g.op("Erf", [g.div(x, g.floats(Math.SQRT2))])));

export const geluTanh = (g: Builder, opset: number, x: string): string => {
  if (opset >= 20) return g.op("Gelu", [x], { approximate: "tanh" });
  const cubic = g.scale(g.op("Pow", [x, g.floats(3)]), 0.044715);
  return g.mul(x, half(g, g.op("Tanh", [g.scale(g.add(x, cubic), Math.sqrt(2 / Math.PI))])));
};

/** x · σ(αx) */
export const silu = (g: Builder, x: string, alpha = 1): string => g.mul(x, g.op("Sigmoid", [g.scale(x, alpha)]));

/** The left half times the GELU of the right half. */
const BiasSplitGelu: Expansion = (node, { g, facts, opset }) => {
  const width = facts.shape(node.input[1]!)?.[0];
  if (typeof width !== "number") return undefined;
  const [left, right] = split(g, g.add(node.input[0]!, node.input[1]!), -1, [width / 2, width / 2]);
  return [g.mul(left!, gelu(g, opset, right!))];
};

const ScaledSiLU: Expansion = (node, { g }) => {
  const scale = input(node, 1);
  const x = node.input[0]!;
  return [silu(g, scale === undefined ? g.scale(x, getFloat(node, "alpha", 1)) : g.mul(x, scale))];
};

export const gelus: Expansions = {
  "com.microsoft.Gelu": (node, { g, opset }) => [gelu(g, opset, node.input[0]!)],
  "com.microsoft.BiasGelu": (node, { g, opset }) => [gelu(g, opset, plus(g, node.input[0]!, input(node, 1)))],
  "com.microsoft.FastGelu": (node, { g, opset }) => [geluTanh(g, opset, plus(g, node.input[0]!, input(node, 1)))],
  "com.microsoft.QuickGelu": (node, { g }) => [silu(g, node.input[0]!, getFloat(node, "alpha", 1.702))],
  "com.microsoft.ScaledSiLU": ScaledSiLU,
  "com.microsoft.BiasSplitGelu": BiasSplitGelu,
};
