/** What transformers are made of, as torch exports it at opset 17. */
import { attr } from "@backlit/core";
import type { Network } from "./network.ts";

const EPSILON = 1e-6;

export const scaleAndShift = (net: Network, name: string, width: number) =>
  [net.parameter(`${name}.weight`, [width], 0.2, 1), net.parameter(`${name}.bias`, [width], 0.05)] as const;

/** Over the last axis. */
export const layerNorm = (net: Network, name: string, x: string, width: number): string =>
  net.node(
    "LayerNormalization",
    `/${name}/LayerNormalization`,
    [x, ...scaleAndShift(net, name, width)],
    [attr.int("axis", -1), attr.float("epsilon", EPSILON)],
  );

/** Through Erf. */
export const gelu = (net: Network, name: string, x: string): string => {
  const erf = net.node("Erf", `/${name}/Erf`, [net.node("Div", `/${name}/Div`, [x, net.constant(Math.SQRT2)])]);
  const gate = net.node("Add", `/${name}/Add`, [erf, net.constant(1)]);
  return net.node("Mul", `/${name}/Mul_1`, [net.node("Mul", `/${name}/Mul`, [x, gate]), net.constant(0.5)]);
};

export const reshape = (net: Network, name: string, x: string, shape: readonly number[]): string =>
  net.node("Reshape", `/${name}/Reshape`, [x, net.constant(shape)]);

export const transpose = (net: Network, name: string, x: string, perm: readonly number[]): string =>
  net.node("Transpose", `/${name}/Transpose`, [x], [attr.ints("perm", perm)]);

export interface Heads {
  readonly width: number;
  readonly heads: number;
  readonly tokens: number;
  /** Added to the scores. */
  readonly mask?: string;
}

/** Attention among the tokens of x [N, tokens, width]: queries, keys and values each a layer. */
export const attention = (net: Network, name: string, x: string, { width, heads, tokens, mask }: Heads): string => {
  const part = (which: string, perm: readonly number[]) => {
    const all = reshape(net, `${name}/${which}`, net.linear(`${name}.${which}`, x, width, width), [
      -1,
      tokens,
      heads,
      width / heads,
    ]);
    return transpose(net, `${name}/${which}`, all, perm);
  };
  const product = net.node("MatMul", `/${name}/MatMul`, [part("q", [0, 2, 1, 3]), part("k", [0, 2, 3, 1])]);
  const scaled = net.node("Mul", `/${name}/Mul`, [product, net.constant((width / heads) ** -0.5)]);
  const scores = mask === undefined ? scaled : net.node("Add", `/${name}/Add`, [scaled, mask]);
  const weights = net.node("Softmax", `/${name}/Softmax`, [scores], [attr.int("axis", -1)]);
  const mixed = net.node("MatMul", `/${name}/MatMul_1`, [weights, part("v", [0, 2, 1, 3])]);
  const joined = reshape(net, `${name}/mixed`, transpose(net, `${name}/mixed`, mixed, [0, 2, 1, 3]), [-1, tokens, width]);
  return net.linear(`${name}.proj`, joined, width, width);
};

/** Two dense layers with GELU between, four times as wide. */
export const mlp = (net: Network, name: string, x: string, width: number): string =>
  net.linear(`${name}.fc2`, gelu(net, `${name}/act`, net.linear(`${name}.fc1`, x, width, 4 * width)), 4 * width, width);
