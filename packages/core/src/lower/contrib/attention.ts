/** com.microsoft.Attention: the projection to queries, keys and values, then attention over all heads. */
import { getFloat, getInt, getInts } from "../../onnx/attributes.ts";
import type { NodeProto } from "../../onnx/proto.ts";
import { input, plus, size, split, squeeze, unsqueeze, wants } from "../parts.ts";
import type { Context, Expansion } from "../pass.ts";
import { after, attend, headsApart, headsTogether } from "./attend.ts";
import { causalMask, maskOf, total } from "./masks.ts";

export interface SelfAttention {
  /** x·W + b: [batch, length, q | k | v] */
  readonly projected: string;
  /** Widths of q, k and v over all heads. */
  readonly widths: readonly [number, number, number];
  /** A value whose first two axes are batch and length. */
  readonly x: string;
  readonly mask?: string | undefined;
  readonly past?: string | undefined;
  readonly bias?: string | undefined;
}

/** Attention and QAttention from the projection on. Undefined where a shape is not known yet. */
export const selfAttention = (
  node: NodeProto,
  { g, facts }: Pick<Context, "g" | "facts">,
  { projected, widths, x, mask, past, bias }: SelfAttention,
): readonly string[] | undefined => {
  const heads = getInt(node, "num_heads", 1);
  const parts = split(g, projected, 2, widths);
  const [q, newK, newV] = parts.map((part, i) => headsApart(g, part, heads, widths[i]! / heads)) as [string, string, string];
  const [pastK, pastV] = past === undefined ? [] : split(g, past, 0, [1, 1]).map((part) => squeeze(g, part, 0));
  const [k, v] = [after(g, pastK, newK), after(g, pastV, newV)];
  const queries = size(g, facts, x, 1);
  const lengths = { queries, past: past === undefined ? undefined : size(g, facts, past, 3) };
  const keys = total(g, lengths.past, queries);
  const value = getFloat(node, "mask_filter_value", -10000);
  const hidden = mask === undefined ? undefined : maskOf(g, facts, mask, { batchOf: x, keys, value });
  if (mask !== undefined && hidden === undefined) return undefined;
  const causal = getInt(node, "unidirectional", 0) === 1 ? causalMask(g, lengths) : undefined;
  const scale = getFloat(node, "scale", 0) || 1 / Math.sqrt(widths[0] / heads);
  const { y } = attend(g, { q, k, v, scale, masks: [hidden, causal, bias] });
  const present = () => g.op("Concat", [unsqueeze(g, k, 0), unsqueeze(g, v, 0)], { axis: 0 });
  return [headsTogether(g, y), ...(wants(node, 1) ? [present()] : [])];
};

export const Attention: Expansion = (node, context) => {
  const { g, facts } = context;
  const [x, weights] = node.input as [string, string];
  const columns = facts.shape(weights)?.[1];
  if (getInt(node, "do_rotary", 0) === 1) return "backlit does not know its rotations";
  if (getInt(node, "past_present_share_buffer", 0) === 1) return "its past lies in a buffer of fixed size, as for generation";
  if (typeof columns !== "number") return undefined;
  const third = columns / 3;
  const widths = (getInts(node, "qkv_hidden_sizes") ?? [third, third, third]) as [number, number, number];
  const projected = plus(g, g.op("MatMul", [x, weights]), input(node, 2));
  return selfAttention(node, context, { projected, widths, x, mask: input(node, 3), past: input(node, 4), bias: input(node, 5) });
};
