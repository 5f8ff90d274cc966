/**
 * A dense layer's result is often quantised before its bias is added, x·W → integers → + b → integers. Two ranges would part the
 * bias from its layer, and relevance divided by x·W alone has poles where x·W is near zero and x·W + b is not. The first range holds
 * what the second one does, moved by b: it is left to the second one.
 */
import type { NodeProto } from "../../onnx/proto.ts";
import type { Surroundings } from "./surroundings.ts";
import { onlyReader } from "./tidy.ts";

/** Is all that happens to this quantised value that a constant is added, and the sum quantised again? */
export const isOnlyShifted = (name: string, around: Surroundings): boolean => {
  const only = (value: string) => onlyReader(around, value);
  const shifts = (add: NodeProto | undefined, value: string, operands: readonly number[]): boolean =>
    add !== undefined && operands.every((i) => add.input[i] === value || around.facts.isConstant(add.input[i]!));
  const q = uncast(name, around);
  const reader = only(q);
  if (reader?.opType === "QLinearAdd") return shifts(reader, q, [0, 3]);
  if (reader?.opType !== "DequantizeLinear") return false;
  const float = reader.output[0]!;
  const add = only(float);
  return add?.opType === "Add" && shifts(add, float, [0, 1]) && only(add.output[0]!)?.opType === "QuantizeLinear";
};

/** Behind casts between integer types, which some exporters write around everything. */
const uncast = (name: string, around: Surroundings): string => {
  const reader = onlyReader(around, name);
  return reader?.opType === "Cast" || reader?.opType === "Identity" ? uncast(reader.output[0]!, around) : name;
};
