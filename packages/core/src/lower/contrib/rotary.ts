/**
 * Rotary position embedding (Su et al. 2021): pairs (a, b) of a head's values turn by an angle that grows with the position,
 *
 *   (a, b) → (a cos − b sin, b cos + a sin)
 *
 * A pair lies in the two halves of the head, or side by side (`interleaved`).
 */
import type { Builder } from "../../graph/builder.ts";
import { getFloat, getInt } from "../../onnx/attributes.ts";
import { range, size, split, squeeze, unsqueeze } from "../parts.ts";
import type { Expansion } from "../pass.ts";
import { headsApart, headsTogether } from "./attend.ts";

export interface Turn {
  /** Broadcast to [batch, heads, length, rotated/2]. */
  readonly cos: string;
  readonly sin: string;
  readonly interleaved: boolean;
  /** Values of a head that turn; the rest stays. */
  readonly rotated: number;
  readonly headSize: number;
}

/** x: [batch, heads, length, head size] */
export const rotate = (g: Builder, x: string, { cos, sin, interleaved, rotated, headSize }: Turn): string => {
  if (rotated < headSize) {
    const [turning, rest] = split(g, x, -1, [rotated, headSize - rotated]) as [string, string];
    const turned = rotate(g, turning, { cos, sin, interleaved, rotated, headSize: rotated });
    return g.op("Concat", [turned, rest], { axis: -1 });
  }
  const paired = interleaved ? g.op("Reshape", [x, g.ints([0, 0, 0, rotated / 2, 2])]) : x;
  const parts = split(g, paired, -1, interleaved ? [1, 1] : [rotated / 2, rotated / 2]);
  const [a, b] = interleaved ? parts.map((part) => squeeze(g, part, -1)) : parts;
  const first = g.sub(g.mul(a!, cos), g.mul(b!, sin));
  const second = g.add(g.mul(b!, cos), g.mul(a!, sin));
  if (!interleaved) return g.op("Concat", [first, second], { axis: -1 });
  const stacked = g.op("Concat", [unsqueeze(g, first, -1), unsqueeze(g, second, -1)], { axis: -1 });
  return g.op("Reshape", [stacked, g.ints([0, 0, 0, rotated])]);
};

/** Rows of a table [positions, rotated/2] for positions [batch, length] or [length]: [batch, 1, length, rotated/2]. */
export const rowsAt = (g: Builder, table: string, positions: string, perBatch: boolean): string => {
  const rows = g.op("Gather", [table, positions], { axis: 0 });
  return perBatch ? unsqueeze(g, rows, 1) : rows;
};

/** com.microsoft.RotaryEmbedding: positions are given, or the first one of a run. */
export const RotaryEmbedding: Expansion = (node, { g, facts }) => {
  const [x, ids, cosTable, sinTable] = node.input as [string, string, string, string];
  const [shape, idShape, table] = [facts.shape(x), facts.shape(ids), facts.shape(cosTable)];
  const half = table?.[1];
  if (shape === undefined || idShape === undefined || typeof half !== "number") return undefined;
  const apart = shape.length === 4;
  const heads = getInt(node, "num_heads", 0);
  const width = shape.at(-1);
  if (typeof width !== "number") return undefined;
  const headSize = apart ? width : heads > 0 ? width / heads : half * 2;
  const perBatch = idShape.length === 2;
  const positions = perBatch ? ids : g.add(range(g, size(g, facts, x, apart ? 2 : 1)), ids);
  const turn = {
    cos: rowsAt(g, cosTable, positions, perBatch),
    sin: rowsAt(g, sinTable, positions, perBatch),
    interleaved: getInt(node, "interleaved", 0) === 1,
    rotated: half * 2,
    headSize,
  };
  const y = rotate(g, apart ? x : headsApart(g, x, width / headSize, headSize), turn);
  return [g.scale(apart ? y : headsTogether(g, y), getFloat(node, "scale", 1))];
};
