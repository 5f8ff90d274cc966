/** Attributes of a node: makers, and getters with defaults. */
import { fail } from "../errors.ts";
import { type AttributeProto, AttrType, type GraphProto, type Int, type TensorProto } from "./proto.ts";
import { clampInt } from "./tensors.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Attributes of nodes, by the type of their value: `attr.float("alpha", 0.5)`. */
export const attr = {
  /** A float. */
  float: (name: string, f: number): AttributeProto => ({ name, type: AttrType.FLOAT, f }),
  /** A whole number, int64. */
  int: (name: string, i: Int): AttributeProto => ({ name, type: AttrType.INT, i }),
  /** A text, written as UTF-8. */
  string: (name: string, text: string): AttributeProto => ({ name, type: AttrType.STRING, s: encoder.encode(text) }),
  /** A tensor; its data is referenced, not copied. */
  tensor: (name: string, t: TensorProto): AttributeProto => ({ name, type: AttrType.TENSOR, t }),
  /** A graph: the body of a loop, the branch of an If. */
  graph: (name: string, g: GraphProto): AttributeProto => ({ name, type: AttrType.GRAPH, g }),
  /** A list of floats. */
  floats: (name: string, floats: readonly number[]): AttributeProto => ({ name, type: AttrType.FLOATS, floats }),
  /** A list of whole numbers, int64. */
  ints: (name: string, ints: readonly Int[]): AttributeProto => ({ name, type: AttrType.INTS, ints }),
  /** A list of texts, written as UTF-8. */
  strings: (name: string, texts: readonly string[]): AttributeProto => ({
    name,
    type: AttrType.STRINGS,
    strings: texts.map((text) => encoder.encode(text)),
  }),
  /** A list of tensors. */
  tensors: (name: string, tensors: readonly TensorProto[]): AttributeProto => ({ name, type: AttrType.TENSORS, tensors }),
  /** A list of graphs. */
  graphs: (name: string, graphs: readonly GraphProto[]): AttributeProto => ({ name, type: AttrType.GRAPHS, graphs }),
} as const;

/** A node, or anything else that carries attributes. */
export interface HasAttributes {
  readonly attribute: readonly AttributeProto[];
}

type ValueKey = "f" | "i" | "s" | "t" | "g" | "floats" | "ints" | "strings" | "tensors" | "graphs";

/** The attribute of this name, as it stands in the file; undefined where the node has none. */
export const getAttribute = (node: HasAttributes, name: string): AttributeProto | undefined =>
  node.attribute.find((attribute) => attribute.name === name);

/** The value in the field that is asked for, or undefined where the attribute is absent. @throws BadModel where it has another type */
const get = <K extends ValueKey>(node: HasAttributes, name: string, key: K): AttributeProto[K] | undefined => {
  const attribute = getAttribute(node, name);
  if (attribute && attribute[key] === undefined) {
    const opType = (node as { opType?: unknown }).opType;
    const where = typeof opType === "string" ? `"${name}" of ${opType}` : `"${name}"`;
    const why = attribute.refAttrName ? "it refers to an attribute of a function" : `it is no ${TYPE_NAMES[key]}`;
    throw fail("BadModel", { what: "an attribute cannot be read", where, why });
  }
  return attribute?.[key];
};

const TYPE_NAMES: Readonly<Record<ValueKey, string>> = {
  f: "float",
  i: "int",
  s: "string",
  t: "tensor",
  g: "graph",
  floats: "list of floats",
  ints: "list of ints",
  strings: "list of strings",
  tensors: "list of tensors",
  graphs: "list of graphs",
};

/** Undefined, or the default, where the attribute is absent; 64-bit values are clamped to safe integers. */
export function getInt(node: HasAttributes, name: string): number | undefined;
export function getInt<D>(node: HasAttributes, name: string, absent: D): number | D;
export function getInt(node: HasAttributes, name: string, absent?: unknown) {
  const value = get(node, name, "i");
  return value === undefined ? absent : clampInt(value);
}

/** A float attribute, or `absent`. @throws BadModel where it has another type */
export function getFloat(node: HasAttributes, name: string): number | undefined;
/** A float attribute, or `absent`. @throws BadModel where it has another type */
export function getFloat<D>(node: HasAttributes, name: string, absent: D): number | D;
export function getFloat(node: HasAttributes, name: string, absent?: unknown) {
  return get(node, name, "f") ?? absent;
}

/** A text attribute, or `absent`. @throws BadModel where it has another type */
export function getString(node: HasAttributes, name: string): string | undefined;
/** A text attribute, or `absent`. @throws BadModel where it has another type */
export function getString<D>(node: HasAttributes, name: string, absent: D): string | D;
export function getString(node: HasAttributes, name: string, absent?: unknown) {
  const value = get(node, name, "s");
  return value === undefined ? absent : decoder.decode(value);
}

/** A list of whole numbers; those beyond 2⁵³ become the nearest number. @throws BadModel where it has another type */
export const getInts = (node: HasAttributes, name: string): number[] | undefined => get(node, name, "ints")?.map(clampInt);
/** A list of floats; undefined where it is absent. @throws BadModel where it has another type */
export const getFloats = (node: HasAttributes, name: string): readonly number[] | undefined => get(node, name, "floats");
/** A list of texts; undefined where it is absent. @throws BadModel where it has another type */
export const getStrings = (node: HasAttributes, name: string): string[] | undefined =>
  get(node, name, "strings")?.map((text) => decoder.decode(text));
/** A tensor; undefined where it is absent. @throws BadModel where it has another type */
export const getTensor = (node: HasAttributes, name: string): TensorProto | undefined => get(node, name, "t");
/** A graph; undefined where it is absent. @throws BadModel where it has another type */
export const getGraph = (node: HasAttributes, name: string): GraphProto | undefined => get(node, name, "g");
