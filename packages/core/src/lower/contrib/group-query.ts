/**
 * com.microsoft.GroupQueryAttention (Ainslie et al. 2023): several query heads share a head of keys and values; causal; positions
 * as rotations. A prompt, or a prompt after a past that grew by concatenation; caches of fixed size are for generation.
 */
import { getFloat, getInt } from "../../onnx/attributes.ts";
import { DataType } from "../../onnx/proto.ts";
import { input, plus, range, size, split } from "../parts.ts";
import type { Expansion } from "../pass.ts";
import { after, attend, headsApart, headsTogether, shared } from "./attend.ts";
import { causalMask, lengthMask, NEVER, total, windowMask } from "./masks.ts";
import { rotate, rowsAt } from "./rotary.ts";

const CACHES = ["k_quant_type", "v_quant_type", "sliding_window_cache", "kv_cache_bit_width"];
/** From head_sink on: sinks, scales of quantised caches, norms of single heads, chunks. */
const FIRST_FOREIGN = 11;

export const GroupQueryAttention: Expansion = (node, { g, facts }) => {
  const foreign = node.input.slice(FIRST_FOREIGN).some(Boolean) || node.attribute.some((a) => CACHES.includes(a.name) && a.i);
  if (foreign) return "backlit does not know its caches, nor norms of single heads";
  if (getInt(node, "smooth_softmax", 0) === 1 || getInt(node, "qk_output", 0) > 0)
    return "backlit does not know its smoothed softmax";
  const [query, key, value] = [node.input[0]!, input(node, 1), input(node, 2)];
  const width = facts.shape(query)?.[2];
  if (typeof width !== "number") return undefined;
  const heads = getInt(node, "num_heads", 1);
  const kvHeads = getInt(node, "kv_num_heads", heads);
  const headSize = key === undefined ? width / (heads + 2 * kvHeads) : width / heads;
  const counts = [heads, kvHeads, kvHeads];
  const apart =
    key === undefined
      ? split(
          g,
          query,
          2,
          counts.map((n) => n * headSize),
        )
      : [query, key, value!];
  let [q, k, v] = apart.map((part, i) => headsApart(g, part, counts[i]!, headSize)) as [string, string, string];

  const past = input(node, 3);
  const queries = size(g, facts, query, 1);
  const pastLength = past === undefined ? undefined : size(g, facts, past, 2);
  const keys = total(g, pastLength, queries);
  if (getInt(node, "do_rotary", 0) === 1) {
    const [cosTable, sinTable, ids] = [input(node, 7)!, input(node, 8)!, input(node, 9)];
    const half = facts.shape(cosTable)?.[1];
    if (typeof half !== "number") return undefined;
    const positions = ids ?? plus(g, range(g, queries), pastLength);
    const [cos, sin] = [cosTable, sinTable].map((table) => rowsAt(g, table, positions, ids !== undefined)) as [string, string];
    const turn = { cos, sin, interleaved: getInt(node, "rotary_interleaved", 0) === 1, rotated: half * 2, headSize };
    [q, k] = [rotate(g, q, turn), rotate(g, k, turn)];
  }
  const [allK, allV] = [after(g, past, k), after(g, input(node, 4), v)];
  const lengths = { queries, past: pastLength };
  const window = getInt(node, "local_window_size", -1);
  const causal = getInt(node, "causal", 1) === 1;
  const { y } = attend(g, {
    q,
    k: shared(g, allK, kvHeads, heads / kvHeads, headSize),
    v: shared(g, allV, kvHeads, heads / kvHeads, headSize),
    scale: getFloat(node, "scale", 0) || 1 / Math.sqrt(headSize),
    softcap: getFloat(node, "softcap", 0),
    masks: [
      causal
        ? causalMask(g, lengths)
        : lengthMask(g, g.add(g.op("Cast", [input(node, 5)!], { to: DataType.INT64 }), g.ints(1)), keys, NEVER),
      window > 0 ? windowMask(g, lengths, window) : undefined,
      input(node, 10),
    ],
  });
  return [headsTogether(g, y), allK, allV];
};
