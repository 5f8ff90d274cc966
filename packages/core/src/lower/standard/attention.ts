/**
 * Attention (opset 23 and 24): softmax(softcap(scale · q·kᵀ) + masks) · v, with heads apart (4-D) or side by side (3-D), and fewer
 * heads of keys and values than of queries where those are shared.
 */
import { getFloat, getInt } from "../../onnx/attributes.ts";
import { after, attend, headsApart, headsTogether, shared } from "../contrib/attend.ts";
import { causalMask, flagMask, lengthMask, NEVER, total } from "../contrib/masks.ts";
import { input, size, wants } from "../parts.ts";
import type { Expansion } from "../pass.ts";
import { isBool } from "./bool.ts";

export const attention =
  (types: ReadonlyMap<string, number>): Expansion =>
  (node, { g, facts, producer }) => {
    const [qIn, kIn, vIn] = node.input as [string, string, string];
    const [mask, past, pastV, lengths] = [3, 4, 5, 6].map((i) => input(node, i));
    const shapes = [qIn, kIn, vIn].map((x) => facts.shape(x));
    const apart = shapes[0]?.length === 4;
    const heads = apart ? shapes[0]![1] : getInt(node, "q_num_heads");
    const kvHeads = apart ? shapes[1]?.[1] : getInt(node, "kv_num_heads");
    const widths = shapes.map((shape) => shape?.at(-1));
    if (typeof heads !== "number" || typeof kvHeads !== "number" || widths.some((w) => typeof w !== "number")) return undefined;
    const causal = getInt(node, "is_causal", 0) === 1;
    if (causal && lengths !== undefined) return "backlit does not know attention to a cache of keys that lies outside the model";

    const counts = [heads, kvHeads, kvHeads];
    const sizes = widths.map((width, i) => (apart ? width! : width! / counts[i]!));
    const [q, newK, newV] = [qIn, kIn, vIn].map((x, i) => (apart ? x : headsApart(g, x, counts[i]!, sizes[i]!))) as [
      string,
      string,
      string,
    ];
    const [k, v] = [after(g, past, newK), after(g, pastV, newV)];
    const along = (x: string) => size(g, facts, x, apart ? 2 : 1);
    const pastLength = past === undefined ? undefined : size(g, facts, past, 2);
    const keys = total(g, pastLength, along(kIn));
    const boolean = mask !== undefined && isBool(mask, facts, types, producer);
    const scale = getFloat(node, "scale") ?? 1 / Math.sqrt(sizes[0]!);
    const { y, scores, capped, masked, weights } = attend(g, {
      q,
      k: shared(g, k, kvHeads, heads / kvHeads, sizes[1]!),
      v: shared(g, v, kvHeads, heads / kvHeads, sizes[2]!),
      scale,
      softcap: getFloat(node, "softcap", 0),
      masks: [
        boolean ? flagMask(g, mask, NEVER) : mask,
        causal ? causalMask(g, { queries: along(qIn), past: pastLength }, keys) : undefined,
        lengths === undefined ? undefined : lengthMask(g, lengths, keys, NEVER),
      ],
    });
    const seen = [scores, capped, masked, weights][getInt(node, "qk_matmul_output_mode", 0)]!;
    return [apart ? y : headsTogether(g, y), k, v, ...(wants(node, 3) ? [seen] : [])];
  };
