/** Operators that move integers about, or choose among them, do the same to the floats they stand for. */
import type { Facts } from "../../graph/facts.ts";
import { opName } from "../../graph/graph.ts";
import { getString } from "../../onnx/attributes.ts";
import type { NodeProto } from "../../onnx/proto.ts";

/** By the positions of the inputs that carry values; -1: all of them. */
const MOVERS: Readonly<Record<string, readonly number[]>> = {
  ...Object.fromEntries(
    (
      "Identity Reshape Flatten Squeeze Unsqueeze Transpose Slice Split Gather GatherElements GatherND Expand Tile DepthToSpace " +
      "SpaceToDepth MaxPool GlobalMaxPool ReduceMax ReduceMin TopK Dropout Trilu"
    )
      .split(" ")
      .map((op) => [op, [0]]),
  ),
  Resize: [0],
  Compress: [0],
  ReverseSequence: [0],
  ScatterElements: [0, 2],
  ScatterND: [0, 2],
  Concat: [-1],
  Max: [-1],
  Min: [-1],
  Where: [1, 2],
};

/** Positions of inputs that carry the values which the output's are taken from; undefined for other operators. */
export const moved = (node: NodeProto): readonly number[] | undefined => {
  const positions = MOVERS[opName(node)];
  if (positions === undefined) return undefined;
  if (node.opType === "Resize" && getString(node, "coordinate_transformation_mode") === "tf_crop_and_resize") return undefined;
  if (["add", "mul"].includes(getString(node, "reduction", ""))) return undefined;
  return positions[0] === -1 ? node.input.map((_, i) => i) : positions;
};

/** Is this node a mover whose only values come in by position `i`? */
export const onReals = (node: NodeProto, i: number, facts: Facts): boolean => {
  const positions = moved(node);
  return positions?.length === 1 && positions[0] === i && !facts.isConstant(node.output[0]!);
};

/** Their results do not depend on scale and zero point. */
export const BLIND: ReadonlySet<string> = new Set(["Shape", "Size", "ArgMax", "ArgMin"]);
