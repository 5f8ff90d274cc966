/** Attributes of trees hold numbers as lists, or as tensors of float64 and other types. */
import { fail } from "../errors.ts";
import { type GraphNode, nodeLabel, opName } from "../graph/graph.ts";
import { getAttribute, getFloats, getInts } from "../onnx/attributes.ts";
import { readFloats, readInts } from "../onnx/tensors.ts";

/** As float32; `name_as_tensor` stands for `name`. Errors: BadModel. */
export const floatsOf = (node: GraphNode, name: string): readonly number[] | undefined => {
  const tensor = getAttribute(node, `${name}_as_tensor`)?.t ?? getAttribute(node, name)?.t;
  const all = tensor === undefined ? getFloats(node, name) : Array.from(readFloats(tensor));
  return all?.map(Math.fround);
};

/** Errors: BadModel. */
export const intsOf = (node: GraphNode, name: string): readonly number[] | undefined => {
  const tensor = getAttribute(node, name)?.t;
  return tensor === undefined ? getInts(node, name) : readInts(tensor);
};

/** One number for each of `count` things. Errors: BadModel where there are more or fewer. */
export const each = <T>(node: GraphNode, name: string, list: readonly T[] | undefined, count: number): readonly T[] => {
  if (list?.length === count) return list;
  throw malformed(node, `${name} has ${list?.length ?? 0} entries for ${count}`);
};

export const malformed = (node: GraphNode, why: string) =>
  fail("BadModel", { what: `trees of ${opName(node)} cannot be read`, where: `node '${nodeLabel(node)}'`, why });
