/**
 * Scaled dot-product attention (Vaswani et al. 2017), heads apart:
 *
 *   softmax(scale · q·kᵀ + masks) · v,    q, k, v: [batch, heads, length, head size]
 *
 * The one place where attention operators of all makers end up.
 */
import type { Builder } from "../../graph/builder.ts";
import { unsqueeze } from "../parts.ts";

export interface Attention {
  readonly q: string;
  readonly k: string;
  readonly v: string;
  readonly scale: number;
  /** Added to the scores, each broadcast to [batch, heads, queries, keys]. */
  readonly masks: readonly (string | undefined)[];
  /** Scores become cap · tanh(score / cap) before they are masked. */
  readonly softcap?: number;
}

export interface Attended {
  /** [batch, heads, queries, head size of v] */
  readonly y: string;
  /** scale · q·kᵀ, then capped, then masked, then as weights. */
  readonly scores: string;
  readonly capped: string;
  readonly masked: string;
  readonly weights: string;
}

export const attend = (g: Builder, { q, k, v, scale, masks, softcap = 0 }: Attention): Attended => {
  const scores = g.scale(g.op("MatMul", [q, g.transpose(k, [0, 1, 3, 2])]), scale);
  const capped = softcap > 0 ? g.scale(g.op("Tanh", [g.scale(scores, 1 / softcap)]), softcap) : scores;
  const masked = masks.reduce<string>((sum, mask) => (mask === undefined ? sum : g.add(sum, mask)), capped);
  const weights = g.op("Softmax", [masked], { axis: -1 });
  return { y: g.op("MatMul", [weights, v]), scores, capped, masked, weights };
};

/** [batch, length, heads · size] to [batch, heads, length, size] */
export const headsApart = (g: Builder, x: string, heads: number, size: number): string =>
  g.transpose(g.op("Reshape", [x, g.ints([0, 0, heads, size])]), [0, 2, 1, 3]);

/** [batch, heads, length, size] to [batch, length, heads · size] */
export const headsTogether = (g: Builder, x: string): string =>
  g.op("Reshape", [g.transpose(x, [0, 2, 1, 3]), g.ints([0, 0, -1])]);

/** Each head of keys or values serves a group of query heads: [b, h, l, d] to [b, h · group, l, d]. */
export const shared = (g: Builder, x: string, heads: number, group: number, size: number): string =>
  group === 1
    ? x
    : g.op("Reshape", [g.op("Expand", [unsqueeze(g, x, 2), g.ints([1, 1, group, 1, 1])]), g.ints([0, heads * group, -1, size])]);

/** Earlier keys or values before those of this run. */
export const after = (g: Builder, past: string | undefined, now: string): string =>
  past === undefined ? now : g.op("Concat", [past, now], { axis: 2 });
