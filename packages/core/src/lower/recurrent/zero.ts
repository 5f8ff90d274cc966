/** Initial states are mostly zeros in the batch's size, which only the graph around tells: zeros, expanded, reshaped, cut. */
import { getTensor } from "../../onnx/attributes.ts";
import { readFloats } from "../../onnx/tensors.ts";
import type { Context } from "../pass.ts";

const MOVES = new Set(["Identity", "Cast", "Expand", "Tile", "Reshape", "Unsqueeze", "Squeeze", "Transpose", "Slice", "Gather"]);

export const isZero = (name: string, context: Pick<Context, "facts" | "producer">): boolean => {
  const numbers = context.facts.numbers(name);
  if (numbers !== undefined) return numbers.every((value) => value === 0);
  const node = context.producer(name);
  if (node === undefined) return false;
  if (MOVES.has(node.opType)) return isZero(node.input[0]!, context);
  if (node.opType === "Concat") return node.input.every((part) => isZero(part, context));
  if (node.opType !== "ConstantOfShape") return false;
  const value = getTensor(node, "value");
  return value === undefined || readFloats(value).every((v) => v === 0);
};
