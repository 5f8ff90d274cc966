/**
 * Models as text, in ONNX's own textual syntax (docs/Syntax.md of the ONNX repository) as far as that goes:
 *
 *     <ir_version: 9, opset_import: ["" : 17]>
 *     agraph (float[N,3] x) => (float[N,2] y) <float[3,2] w = {…}> {
 *       [fc] z = MatMul (x, w)
 *       y = Softmax <axis = -1> (z)
 *     }
 *
 * `float` is a scalar, `float[]` of unknown rank, `float[?]` of unknown size; names that are no words stand in quotes.
 * Doc strings, sparse initializers, types other than tensors and unknown fields are left out.
 */
import {
  type AttributeProto,
  AttrType,
  type Entry,
  type FunctionProto,
  type GraphProto,
  type ModelProto,
  type NodeProto,
  type OpsetId,
  type TensorProto,
  type ValueInfoProto,
} from "./proto.ts";
import { isWord, quote, quoteBytes } from "./text-literals.ts";
import { printElements, printFloat, printName, printTensorType, printType } from "./text-tensors.ts";

export interface PrintOptions {
  /** Tensors show this many elements at most, then `…`; default 8. What is to be parsed again wants Infinity. */
  readonly maxElements?: number;
}

const SHOWN = 8;

/** The whole model as text. */
export const printModel = (model: ModelProto, { maxElements = SHOWN }: PrintOptions = {}): string => {
  const header = fields({
    ir_version: String(model.irVersion),
    opset_import: opsets(model.opsetImport),
    producer_name: text(model.producerName),
    producer_version: text(model.producerVersion),
    domain: text(model.domain),
    model_version: model.modelVersion?.toString(),
    metadata_props: model.metadataProps.length > 0 ? entries(model.metadataProps) : undefined,
  });
  const functions = model.functions.map((f) => `\n${printFunction(f, maxElements)}`);
  return [header, printGraph(model.graph, { maxElements }), ...functions].join("\n");
};

/** `name (inputs) => (outputs) <initializers and types> {nodes}` */
export const printGraph = (graph: GraphProto, { maxElements = SHOWN }: PrintOptions = {}, indent = ""): string => {
  const values = (infos: readonly ValueInfoProto[]) => infos.map(printValueInfo).join(", ");
  const held = [...graph.initializer.map((t) => printInitializer(t, maxElements)), ...graph.valueInfo.map(printValueInfo)];
  const signature = `${printName(graph.name)} (${values(graph.input)}) => (${values(graph.output)})`;
  const stored = held.length > 0 ? `\n${indent}<${held.join(`,\n${indent} `)}>\n${indent}` : " ";
  return `${signature}${stored}${body(graph.node, maxElements, indent)}`;
};

/** One line, e.g. `y = Conv <pads = [1, 1, 1, 1]> (x, w)`; more when attributes hold graphs. */
export const printNode = (node: NodeProto, { maxElements = SHOWN }: PrintOptions = {}, indent = ""): string => {
  const label = node.name === "" ? "" : `[${printName(node.name)}] `;
  const attributes = node.attribute.map((a) => printAttribute(a, maxElements, indent)).join(", ");
  const op = `${operator(node)}${node.overload ? `:${printName(node.overload)}` : ""}`;
  return `${label}${names(node.output)} = ${op} ${attributes && `<${attributes}> `}(${names(node.input)})`;
};

/** `float[N,3] x`; the name alone where there is no tensor type. */
export const printValueInfo = ({ name: value, type }: ValueInfoProto): string =>
  type?.tensorType ? `${printType(type.tensorType)} ${printName(value)}` : printName(value);

const printFunction = (f: FunctionProto, maxElements: number): string => {
  const header = fields({ domain: quote(f.domain), overload: text(f.overload), opset_import: opsets(f.opsetImport) });
  const attributes = [...f.attribute.map(printName), ...f.attributeProto.map((a) => printAttribute(a, maxElements, ""))].join(
    ", ",
  );
  const signature = `${printName(f.name)} ${attributes && `<${attributes}> `}(${names(f.input)}) => (${names(f.output)})`;
  return `${header}\n${signature} ${body(f.node, maxElements, "")}`;
};

const body = (nodes: readonly NodeProto[], maxElements: number, indent: string): string => {
  const inner = `${indent}  `;
  const lines = nodes.map((node) => `${inner}${printNode(node, { maxElements }, inner)}\n`);
  return `{\n${lines.join("")}${indent}}`;
};

const printInitializer = (tensor: TensorProto, maxElements: number): string => {
  const named = tensor.name === "" ? `${printTensorType(tensor)} ""` : printTensorType(tensor);
  return `${named} = ${printElements(tensor, maxElements)}`;
};

const printAttribute = (attribute: AttributeProto, maxElements: number, indent: string): string => {
  const { type, refAttrName } = attribute;
  const typeName = Object.entries(AttrType)
    .find(([, value]) => value === type)?.[0]
    .toLowerCase();
  if (refAttrName) return `${printName(attribute.name)}${typeName ? `: ${typeName}` : ""} = @${printName(refAttrName)}`;
  const value = attributeValue(attribute, maxElements, indent);
  return `${printName(attribute.name)}${value === "[]" ? `: ${typeName}` : ""} = ${value}`;
};

const attributeValue = (attribute: AttributeProto, maxElements: number, indent: string): string => {
  const { type, f, i, s, t, g } = attribute;
  const list = <T>(items: readonly T[] | undefined, print: (item: T) => string) => `[${items?.map(print).join(", ") ?? ""}]`;
  const tensor = (item: TensorProto) => `${printTensorType(item)} ${printElements(item, maxElements)}`;
  const graph = (item: GraphProto) => printGraph(item, { maxElements }, indent);
  if (type === AttrType.FLOAT && f !== undefined) return printFloat(f);
  if (type === AttrType.INT && i !== undefined) return String(i);
  if (type === AttrType.STRING && s) return quoteBytes(s);
  if (type === AttrType.TENSOR && t) return tensor(t);
  if (type === AttrType.GRAPH && g) return graph(g);
  if (type === AttrType.FLOATS) return list(attribute.floats, (item) => printFloat(item));
  if (type === AttrType.INTS) return list(attribute.ints, String);
  if (type === AttrType.STRINGS) return list(attribute.strings, quoteBytes);
  if (type === AttrType.TENSORS) return list(attribute.tensors, tensor);
  if (type === AttrType.GRAPHS) return list(attribute.graphs, graph);
  return "…";
};

const operator = ({ domain, opType }: NodeProto): string => {
  if (domain === "" && isWord(opType) && !opType.includes(".")) return opType;
  if (isWord(domain) && isWord(opType) && !opType.includes(".")) return `${domain}.${opType}`;
  return `${quote(domain)}.${quote(opType)}`;
};

const names = (values: readonly string[]): string => values.map(printName).join(", ");
const text = (value: string | undefined): string | undefined => (value === undefined ? undefined : quote(value));
const opsets = (opset: readonly OpsetId[]): string => `[${opset.map((o) => `${quote(o.domain)} : ${o.version}`).join(", ")}]`;
const entries = (props: readonly Entry[]): string => `[${props.map((p) => `${quote(p.key)} : ${quote(p.value)}`).join(", ")}]`;
const fields = (values: Readonly<Record<string, string | undefined>>): string => {
  const present = Object.entries(values).filter(([, value]) => value !== undefined);
  return `<${present.map(([key, value]) => `${key}: ${value}`).join(", ")}>`;
};
