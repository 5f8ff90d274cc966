/**
 * com.microsoft.MultiHeadAttention: queries, keys and values come projected. Packed into one tensor they run on no processor that
 * backlit traces on.
 */
import { getFloat, getInt } from "../../onnx/attributes.ts";
import type { NodeProto } from "../../onnx/proto.ts";
import { input, plus, size, split, wants } from "../parts.ts";
import type { Context, Expansion } from "../pass.ts";
import { after, attend, headsApart, headsTogether } from "./attend.ts";
import { causalMask, maskOf, total } from "./masks.ts";

interface Heads {
  /** [batch, heads, length, head size] */
  readonly q: string;
  readonly k: string;
  readonly v: string;
  readonly headSize: number;
}

/** Undefined where a width is not known. */
const headsOf = (node: NodeProto, { g, facts }: Context): Heads | undefined => {
  const parts = [0, 1, 2].map((i) => input(node, i));
  const heads = getInt(node, "num_heads", 1);
  const shapes = parts.map((part) => (part === undefined ? undefined : facts.shape(part)));
  if (shapes.some((shape) => shape === undefined || typeof shape.at(-1) !== "number" || shape.length > 4)) return undefined;
  /** Keys and values of another sequence may come with heads apart. */
  const apart = shapes.map((shape) => shape!.length === 4);
  const sizes = shapes.map((shape, i) => (apart[i] ? shape!.at(-1)! : shape!.at(-1)! / heads));
  const bias = input(node, 3);
  const addends =
    bias === undefined
      ? []
      : split(
          g,
          bias,
          0,
          sizes.map((n) => n * heads),
        );
  const [q, k, v] = parts.map((part, i) => {
    return apart[i] ? part : headsApart(g, plus(g, part!, addends[i]), heads, sizes[i]!);
  }) as [string, string, string];
  return { q, k, v, headSize: sizes[0]! };
};

export const MultiHeadAttention: Expansion = (node, context) => {
  const { g, facts } = context;
  const parts = headsOf(node, context);
  if (input(node, 8) ?? input(node, 9)) return "its past lies in a buffer of fixed size, as for generation";
  if (parts === undefined) return undefined;
  const [query, key, past] = [node.input[0]!, input(node, 1), input(node, 6)];
  const k = after(g, past, parts.k);
  const v = after(g, input(node, 7), parts.v);
  const queries = size(g, facts, query, 1);
  const own = key === undefined ? queries : size(g, facts, key, facts.shape(key)?.length === 4 ? 2 : 1);
  const pastLength = past === undefined ? undefined : size(g, facts, past, 2);
  const keys = total(g, pastLength, own);
  const value = getFloat(node, "mask_filter_value", -10000);
  const mask = input(node, 4);
  const hidden = mask === undefined ? undefined : maskOf(g, facts, mask, { batchOf: query, keys, value });
  if (mask !== undefined && hidden === undefined) return undefined;
  const causal = getInt(node, "unidirectional", 0) === 1 ? causalMask(g, { queries, past: pastLength }, keys) : undefined;
  const scale = getFloat(node, "scale", 0) || 1 / Math.sqrt(parts.headSize);
  const { y, masked } = attend(g, { q: parts.q, k, v, scale, masks: [hidden, causal, input(node, 5)] });
  return [headsTogether(g, y), k, v, ...(wants(node, 3) ? [masked] : [])];
};
