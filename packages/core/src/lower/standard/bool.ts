/** Whether a value is boolean: as declared, or as its operator makes it. */
import type { Facts } from "../../graph/facts.ts";
import { getInt } from "../../onnx/attributes.ts";
import { DataType, type NodeProto } from "../../onnx/proto.ts";

const LOGIC = new Set("And Or Xor Not Equal Greater GreaterOrEqual Less LessOrEqual IsNaN IsInf".split(" "));
/** Results have the type of this input. */
const SAME: Readonly<Record<string, number>> = {
  ...Object.fromEntries(
    "Identity Reshape Squeeze Unsqueeze Flatten Transpose Expand Tile Slice Split Gather Concat Pad Trilu ScatterND"
      .split(" ")
      .map((op) => [op, 0]),
  ),
  Where: 1,
};

export const isBool = (
  name: string,
  facts: Facts,
  types: ReadonlyMap<string, number>,
  producer: (name: string) => NodeProto | undefined,
): boolean => {
  const known = types.get(name);
  if (known !== undefined) return known === DataType.BOOL;
  const value = facts.value(name);
  if (value !== undefined) return value.type === "bool";
  const node = producer(name);
  if (node === undefined) return false;
  if (node.opType === "Cast") return getInt(node, "to") === DataType.BOOL;
  const from = SAME[node.opType];
  return LOGIC.has(node.opType) || (from !== undefined && isBool(node.input[from]!, facts, types, producer));
};
