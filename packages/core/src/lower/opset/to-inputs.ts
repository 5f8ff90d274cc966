/**
 * Attributes that became inputs: axes of Squeeze, Unsqueeze and ReduceSum, sizes of Split (opset 13), bounds of Clip and Pad (11),
 * ranges of Slice and k of TopK (10). Nodes that have none of them mean the same in both forms.
 */
import { getFloat, getInt, getInts } from "../../onnx/attributes.ts";
import type { NodeProto } from "../../onnx/proto.ts";
import { trimmed } from "../parts.ts";
import type { Context, Expansion } from "../pass.ts";

/** The node on other inputs, without the attributes that became inputs. Trailing omitted inputs are left out. */
const rewritten = ({ g }: Context, node: NodeProto, input: readonly string[], gone: readonly string[]): readonly string[] => {
  const attribute = node.attribute.filter(({ name }) => !gone.includes(name));
  return g.emit({ opType: node.opType, domain: "", input: trimmed(input), attribute }, node.output.length);
};

/** An attribute of integers as the second input. An empty list of axes meant none given. */
const listToInput =
  (name: string): Expansion =>
  (node, context) => {
    const values = getInts(node, name) ?? [];
    const input = values.length === 0 ? [] : [context.g.ints(values)];
    return rewritten(context, node, [node.input[0]!, ...input], [name]);
  };

export const Squeeze = listToInput("axes");
export const Unsqueeze = listToInput("axes");
export const ReduceSum = listToInput("axes");
export const Split = listToInput("split");

/** The bounds' defaults, the largest floats there are, are those of an omitted input. */
export const Clip: Expansion = (node, context) => {
  const bound = (name: string) => {
    const value = getFloat(node, name);
    return value === undefined ? "" : context.g.floats(value);
  };
  return rewritten(context, node, [node.input[0]!, bound("min"), bound("max")], ["min", "max"]);
};

export const Pad: Expansion = (node, context) => {
  const value = getFloat(node, "value", 0);
  const fill = value === 0 ? [] : [context.g.floats(value)];
  const pads = getInts(node, "pads") ?? [];
  return rewritten(context, node, [node.input[0]!, context.g.ints(pads), ...fill], ["pads", "value"]);
};

export const Slice: Expansion = (node, context) => {
  const list = (name: string) => {
    const values = getInts(node, name);
    return values === undefined ? "" : context.g.ints(values);
  };
  const names = ["starts", "ends", "axes"];
  return rewritten(context, node, [node.input[0]!, ...names.map(list)], names);
};

export const TopK: Expansion = (node, context) =>
  rewritten(context, node, [node.input[0]!, context.g.ints([getInt(node, "k", 1)])], ["k"]);
