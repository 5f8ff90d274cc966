/**
 * Which operators make a shape from numbers: the inputs whose values decide how large their result is. Where such a value depends on
 * the input, so does the shape, and a Shape node behind it is no constant (the places where a mask is set, for one).
 */
import type { NodeProto } from "../onnx/proto.ts";
import { opName, valuesRead } from "./graph.ts";

/** Positions; "all" for any input, in subgraphs too. */
const SIZED_BY: Readonly<Record<string, readonly number[] | "all">> = {
  NonZero: [0],
  Unique: [0],
  Compress: [1],
  NonMaxSuppression: "all",
  StringSplit: [0],
  "com.microsoft.Tokenizer": [0],
  Range: "all",
  ConstantOfShape: [0],
  Expand: [1],
  Reshape: [1],
  Tile: [1],
  Slice: [1, 2, 3, 4],
  Pad: [1, 3],
  Resize: [1, 2, 3],
  Upsample: [1],
  TopK: [1],
  OneHot: [1],
  Split: [1],
  SplitToSequence: [1],
  Squeeze: [1],
  Unsqueeze: [1],
  CenterCropPad: [1],
  Col2Im: [1, 2],
  AffineGrid: [1],
  MaxUnpool: [2],
  If: [0],
  Loop: "all",
};

/** Values whose numbers decide the shape of a node's outputs. */
export const sizedBy = (node: NodeProto): readonly string[] => {
  const positions = SIZED_BY[opName(node)] ?? [];
  return positions === "all" ? valuesRead(node) : positions.flatMap((i) => node.input[i] || []);
};
