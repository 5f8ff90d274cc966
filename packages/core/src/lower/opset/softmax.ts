/** Until opset 12 Softmax and LogSoftmax normalised over all axes from `axis` (default 1) on, as one. */
import { getInt } from "../../onnx/attributes.ts";
import type { Expansion } from "../pass.ts";

export const Softmax: Expansion = (node, { g, facts }) => {
  const x = node.input[0]!;
  const shape = facts.shapeOf(x);
  const axis = getInt(node, "axis", 1);
  const from = axis < 0 ? axis + shape.length : axis;
  if (shape.slice(from).filter((d) => d !== 1).length <= 1) {
    // One axis at most is longer than 1: today's softmax along that one is the same.
    const along = shape.findIndex((d, i) => i >= from && d !== 1);
    return [g.op(node.opType, [x], { axis: along < 0 ? shape.length - 1 : along })];
  }
  const flat = g.op("Flatten", [x], { axis: from });
  return [g.op("Reshape", [g.op(node.opType, [flat], { axis: -1 }), g.op("Shape", [x])])];
};
