/** com.microsoft.MultiHeadAttention: queries, keys and values come projected, apart or packed into one tensor. */
import { getFloat, getInt } from "../../onnx/attributes.ts";
import type { NodeProto } from "../../onnx/proto.ts";
import type { Context, Expansion } from "../pass.ts";
import { after, attend, headsTogether } from "./attend.ts";
import { causalMask, maskOf } from "./masks.ts";
import { input, size, split, squeeze, wants } from "./parts.ts";

interface Heads {
  /** [batch, heads, length, head size] */
  readonly q: string;
  readonly k: string;
  readonly v: string;
  readonly headSize: number;
}

/** Undefined where a width is not known. */
const headsOf = (node: NodeProto, { g, facts }: Context): Heads | undefined => {
  const [query, key, value, bias] = [0, 1, 2, 3].map((i) => input(node, i));
  const heads = getInt(node, "num_heads", 1);
  const shape = facts.shape(query!);
  const packed = shape?.length === 5; // [batch, length, heads, q | k | v, size]
  const width = packed ? Number(shape[4]) * heads : shape?.[2];
  const packedPair = key !== undefined && facts.shape(key)?.length === 5; // [batch, length, heads, k | v, size]
  const vWidth = packed || packedPair ? width : value === undefined ? undefined : widthOf(facts.shape(value), heads);
  if (typeof width !== "number" || typeof vWidth !== "number" || Number.isNaN(width)) return undefined;
  const widths = [width, width, vWidth];
  const addends = bias === undefined ? [] : split(g, bias, 0, widths);
  const slices = (x: string, n: number) =>
    split(
      g,
      x,
      3,
      Array.from({ length: n }, () => 1),
    ).map((part) => squeeze(g, part, 3));
  const parts = packed ? slices(query!, 3) : packedPair ? [query!, ...slices(key, 2)] : [query!, key ?? query!, value!];
  const [q, k, v] = parts.map((part, i) => {
    const size = widths[i]! / heads;
    const rank = facts.shape(part)?.length ?? 4; // slices have heads apart already
    if (rank === 4 && parts.length === 3 && i > 0 && !packed && !packedPair) return part; // keys of another sequence, ready to use
    const apart = rank === 3 ? undefined : part;
    const addend = addends[i];
    if (apart !== undefined) {
      const row = addend === undefined ? undefined : g.op("Reshape", [addend, g.ints([heads, size])]);
      return g.transpose(row === undefined ? apart : g.add(apart, row), [0, 2, 1, 3]);
    }
    const flat = addend === undefined ? part : g.add(part, addend);
    return g.transpose(g.op("Reshape", [flat, g.ints([0, 0, heads, size])]), [0, 2, 1, 3]);
  }) as [string, string, string];
  return { q, k, v, headSize: width / heads };
};

const widthOf = (shape: readonly (number | null)[] | undefined, heads: number): number | undefined => {
  const last = shape?.at(-1);
  if (typeof last !== "number") return undefined;
  return shape!.length === 4 ? last * heads : last;
};

export const MultiHeadAttention: Expansion = (node, context) => {
  const { g, facts } = context;
  const parts = headsOf(node, context);
  // Beam search and shared buffers are for generation.
  if (parts === undefined || input(node, 8) !== undefined || input(node, 9) !== undefined) return undefined;
  const [query, key, past] = [node.input[0]!, input(node, 1), input(node, 6)];
  const k = after(g, past, parts.k);
  const v = after(g, input(node, 7), parts.v);
  const queries = size(g, facts, query, 1);
  const own = key === undefined ? queries : size(g, facts, key, facts.shape(key)?.length === 4 ? 2 : 1);
  const pastLength = past === undefined ? undefined : size(g, facts, past, 2);
  const keys = pastLength === undefined ? own : g.add(pastLength, own);
  const value = getFloat(node, "mask_filter_value", -10000);
  const mask = input(node, 4);
  const hidden = mask === undefined ? undefined : maskOf(g, facts, mask, { batchOf: query, keys, value });
  if (mask !== undefined && hidden === undefined) return undefined;
  const causal = getInt(node, "unidirectional", 0) === 1 ? causalMask(g, { queries, past: pastLength }, keys) : undefined;
  const scale = getFloat(node, "scale", 0) || 1 / Math.sqrt(parts.headSize);
  const { y, masked } = attend(g, { q: parts.q, k, v, scale, masks: [hidden, causal, input(node, 5)] });
  return [headsTogether(g, y), k, v, ...(wants(node, 3) ? [masked] : [])];
};
