/** What expansions have in common: optional inputs and summands, attributes handed on, sizes, means, activations. */
import { type AttrValue, type Builder, float } from "../graph/builder.ts";
import type { Facts } from "../graph/facts.ts";
import { DataType, type NodeProto } from "../onnx/proto.ts";

/** Input i, undefined where it is left out. */
export const input = (node: NodeProto, i: number): string | undefined => node.input[i] || undefined;

/** Is output i asked for? */
export const wants = (node: NodeProto, i: number): boolean => Boolean(node.output[i]);

/** A node of the default domain with the attributes of another one, those named left out. */
export const like = (
  g: Builder,
  node: NodeProto,
  opType: string,
  inputs: readonly (string | undefined)[],
  without: readonly string[] = [],
): string => {
  const attribute = node.attribute.filter((a) => !without.includes(a.name));
  return g.emit({ opType, domain: "", input: trimmed(inputs), attribute })[0]!;
};

/** Inputs as a node lists them: "" where one is left out, nothing after the last. */
export const trimmed = (inputs: readonly (string | undefined)[]): string[] => {
  const last = inputs.findLastIndex((name) => name !== undefined && name !== "");
  return inputs.slice(0, last + 1).map((name) => name ?? "");
};

/** x + addend, where there is one. */
export const plus = (g: Builder, x: string, addend: string | undefined): string => (addend === undefined ? x : g.add(x, addend));

/** One size of a value as an int64 list of length 1: a constant where it is known. */
export const size = (g: Builder, facts: Facts, value: string, axis: number): string => {
  const known = facts.shape(value)?.[axis];
  return typeof known === "number" ? g.ints([known]) : g.op("Shape", [value], { start: axis, end: axis + 1 });
};

/** 0, 1, …, n−1 as int64, for n a list of length 1. */
export const range = (g: Builder, n: string): string => g.op("Range", [g.ints(0), g.op("Squeeze", [n]), g.ints(1)]);

/** The mean along axes that stay with size 1; its axes became an input in opset 18. */
export const mean = (g: Builder, opset: number, x: string, axes: readonly number[]): string =>
  opset < 18 ? g.op("ReduceMean", [x], { axes, keepdims: 1 }) : g.op("ReduceMean", [x, g.ints(axes)], { keepdims: 1 });

/** Parts of given sizes along an axis. */
export const split = (g: Builder, x: string, axis: number, sizes: readonly number[]): readonly string[] =>
  sizes.length === 1 ? [x] : g.ops("Split", [x, g.ints(sizes)], { axis }, sizes.length);

export const squeeze = (g: Builder, x: string, axis: number): string => g.op("Squeeze", [x, g.ints([axis])]);
export const unsqueeze = (g: Builder, x: string, axis: number): string => g.op("Unsqueeze", [x, g.ints([axis])]);
export const toFloat = (g: Builder, x: string): string => g.op("Cast", [x], { to: DataType.FLOAT });

const PARAMETERS: Readonly<Record<string, readonly string[]>> = {
  LeakyRelu: ["alpha"],
  Elu: ["alpha"],
  Celu: ["alpha"],
  ThresholdedRelu: ["alpha"],
  HardSigmoid: ["alpha", "beta"],
  Selu: ["alpha", "gamma"],
};

/** The activation that a fused node ends with; its parameters stand in the order of the operator's own attributes. */
export const activate = (g: Builder, x: string, name: string | undefined, params: readonly (number | undefined)[]): string => {
  if (name === undefined || name === "") return x;
  if (name === "Clip") return g.op("Clip", [x, g.floats(params[0] ?? -Infinity), g.floats(params[1] ?? Infinity)]);
  const given = (PARAMETERS[name] ?? []).flatMap((key, i): [string, AttrValue][] =>
    params[i] === undefined ? [] : [[key, float(params[i])]],
  );
  return g.op(name, [x], Object.fromEntries(given));
};
