/**
 * QuantizeLinear and DequantizeLinear where they stay in the graph, straight through: rounding and saturation count as the identity, so
 * the one divides by the scale and the other multiplies by it (Bengio, Léonard & Courville 2013).
 */
import { getInt } from "../onnx/attributes.ts";
import { axisOf } from "./move.ts";
import type { Op } from "./role.ts";

const straightThrough =
  (quantize: boolean): Op =>
  (node, facts) => {
    const [x, scale] = node.input as [string, string];
    if (!facts.isConstant(scale)) return "its scale is computed from the input";
    if (getInt(node, "block_size", 0) > 0) return "it is quantised in blocks";
    return {
      kind: "scale",
      inputs: facts.isConstant(x) ? [] : [0],
      vjp: ({ g }, [r]) => {
        const rank = facts.rank(x);
        const after = rank - 1 - axisOf(node, rank, 1);
        const perAxis = facts.rank(scale) === 1 && facts.shapeOf(scale)[0] !== 1 && after > 0;
        const factor = perAxis ? g.op("Unsqueeze", [scale, g.ints(Array.from({ length: after }, (_, i) => i + 1))]) : scale;
        return quantize ? g.div(r!, factor) : g.mul(r!, factor);
      },
    };
  };

export const QuantizeLinear = straightThrough(true);
export const DequantizeLinear = straightThrough(false);
