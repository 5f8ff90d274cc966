/** RotaryEmbedding (opset 23): the angles' cosines and sines by position, or already looked up. */
import { getInt } from "../../onnx/attributes.ts";
import { headsApart, headsTogether } from "../contrib/attend.ts";
import { rotate, rowsAt } from "../contrib/rotary.ts";
import { input, unsqueeze } from "../parts.ts";
import type { Expansion } from "../pass.ts";

export const RotaryEmbedding: Expansion = (node, { g, facts }) => {
  const [x, cosTable, sinTable] = node.input as [string, string, string];
  const positions = input(node, 3);
  const shape = facts.shape(x);
  const half = facts.shape(cosTable)?.at(-1);
  const width = shape?.at(-1);
  if (typeof half !== "number" || typeof width !== "number") return undefined;
  const apart = shape!.length === 4;
  const heads = getInt(node, "num_heads", 1);
  const headSize = apart ? width : width / heads;
  const [cos, sin] = [cosTable, sinTable].map((table) =>
    positions === undefined ? unsqueeze(g, table, 1) : rowsAt(g, table, positions, true),
  ) as [string, string];
  const turn = { cos, sin, interleaved: getInt(node, "interleaved", 0) === 1, rotated: half * 2, headSize };
  const y = rotate(g, apart ? x : headsApart(g, x, heads, headSize), turn);
  return [apart ? y : headsTogether(g, y)];
};
