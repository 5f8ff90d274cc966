/** Until opset 12 Softmax, LogSoftmax and Hardmax took all axes from `axis` (default 1) on as one. */
import { getInt } from "../../onnx/attributes.ts";
import type { Expansion } from "../pass.ts";

export const Softmax: Expansion = (node, { g, facts }) => {
  const x = node.input[0]!;
  const axis = getInt(node, "axis", 1);
  const shape = facts.shape(x);
  if (shape !== undefined) {
    const from = axis < 0 ? axis + shape.length : axis;
    // One axis at most is longer than 1: today's softmax along that one is the same.
    const long = shape.flatMap((d, i) => (i >= from && d !== 1 ? [i] : []));
    if (long.length <= 1) return [g.op(node.opType, [x], { axis: long[0] ?? shape.length - 1 })];
  }
  const flat = g.op("Flatten", [x], { axis });
  return [g.op("Reshape", [g.op(node.opType, [flat], { axis: -1 }), g.op("Shape", [x])])];
};
