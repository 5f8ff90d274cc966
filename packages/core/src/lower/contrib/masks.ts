/** Masks of attention, as numbers that are added to the scores: 0 where a key may be seen, a large negative number where not. */
import type { Builder } from "../../graph/builder.ts";
import type { Facts } from "../../graph/facts.ts";
import { DataType } from "../../onnx/proto.ts";
import { plus, range, size, toFloat, unsqueeze } from "../parts.ts";

/** Keys after the query. The runtime takes the lowest float; this is as good and has room for further addends. */
export const NEVER = -1e30;

/** value where hidden (a boolean) holds, else 0. */
const filled = (g: Builder, hidden: string, value: number): string => g.scale(toFloat(g, hidden), value);

/** From a mask of 1 (seen) and 0 (hidden), as integers or booleans. */
export const flagMask = (g: Builder, mask: string, value: number): string =>
  filled(g, g.op("Not", [g.op("Cast", [mask], { to: DataType.BOOL })]), value);

/** Sizes of the run: lists of length 1. `past`: keys that come before the first query. */
export interface Lengths {
  readonly queries: string;
  readonly past?: string | undefined;
}

/** How many there are with those of the past. */
export const total = (g: Builder, past: string | undefined, now: string): string => (past === undefined ? now : g.add(past, now));

/** How far each key lies behind each query, [queries, keys]: negative for keys that come later. */
const distance = (g: Builder, { queries, past }: Lengths, keys: string = total(g, past, queries)): string => {
  const rows = plus(g, range(g, queries), past);
  return g.sub(unsqueeze(g, rows, 1), unsqueeze(g, range(g, keys), 0));
};

/** No query sees a later key. */
export const causalMask = (g: Builder, lengths: Lengths, keys?: string): string =>
  filled(g, g.op("Less", [distance(g, lengths, keys), g.ints(0)]), NEVER);

/** No query sees a key that lies `window` or further behind. */
export const windowMask = (g: Builder, lengths: Lengths, window: number): string =>
  filled(g, g.op("GreaterOrEqual", [distance(g, lengths), g.ints(window)]), NEVER);

/** Keys from a length per batch entry on are hidden: [b] to [b, 1, 1, keys]. */
export const lengthMask = (g: Builder, lengths: string, keys: string, value: number): string => {
  const ends = g.op("Reshape", [g.op("Cast", [lengths], { to: DataType.INT64 }), g.ints([-1, 1, 1, 1])]);
  return filled(g, g.op("GreaterOrEqual", [range(g, keys), ends]), value);
};

/**
 * A `mask_index` or `key_padding_mask` by its shape:
 *
 *   [b, keys], [b, queries, keys]   1 where a key may be seen
 *   [b]                             number of keys, padding on the right
 *   [2b]                            ends, then starts: padding on both sides
 *   [3b + 2]                        number of keys, then positions in a packed batch, which are not needed
 *
 * Undefined where the shape is not known.
 */
export const maskOf = (
  g: Builder,
  facts: Facts,
  mask: string,
  { batchOf, keys, value }: { readonly batchOf: string; readonly keys: string; readonly value: number },
): string | undefined => {
  const shape = facts.shape(mask);
  if (shape === undefined || shape.length > 3) return undefined;
  if (shape.length > 1)
    return unsqueeze(g, shape.length === 2 ? unsqueeze(g, flagMask(g, mask, value), 1) : flagMask(g, mask, value), 1);
  const b = size(g, facts, batchOf, 0);
  const ends = g.op("Slice", [mask, g.ints([0]), b, g.ints([0])]);
  const hidden = lengthMask(g, ends, keys, value);
  const batch = facts.shape(batchOf)?.[0];
  const once = typeof batch === "number" && typeof shape[0] === "number" && shape[0] !== 2 * batch;
  if (once) return hidden;
  // Starts, or zeros where the list ends before them.
  const wide = g.op("Concat", [g.op("Cast", [mask], { to: DataType.INT64 }), g.op("Expand", [g.ints([0]), b])], { axis: 0 });
  const starts = g.op("Reshape", [g.op("Slice", [wide, b, g.add(b, b), g.ints([0])]), g.ints([-1, 1, 1, 1])]);
  return g.add(hidden, filled(g, g.op("Less", [range(g, keys), starts]), value));
};
