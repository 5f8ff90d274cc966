/** Dropout: the ratio became an input in opset 12, where a switch for training joined it; until then it did nothing outside training. */
import { DataType } from "../../onnx/proto.ts";
import type { Expansion } from "../pass.ts";

export const Dropout: Expansion = (node, { g, opset }) => {
  if (!node.output[1]) return [g.op("Dropout", [node.input[0]!])];
  const [y, mask] = g.ops("Dropout", [node.input[0]!], {}, 2) as [string, string];
  // The mask had the type of the data before it was boolean.
  return [y, opset < 10 ? g.op("Cast", [mask], { to: DataType.FLOAT }) : mask];
};
