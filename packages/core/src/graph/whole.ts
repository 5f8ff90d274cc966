/**
 * Values that are no floats: whole numbers, truths, text. They have no derivative, so nothing of what they are made from is carried
 * on by them. Types follow from the operators; where an operator is not known, its results may be floats.
 */
import { getAttribute, getInt } from "../onnx/attributes.ts";
import { DataType, type GraphProto, type NodeProto } from "../onnx/proto.ts";
import { type Graph, graphsOf, opName } from "./graph.ts";

const FLOATS: readonly number[] = [DataType.FLOAT, DataType.FLOAT16, DataType.DOUBLE, DataType.BFLOAT16];
/** Whether a type is known, and is no float's. */
const isWholeType = (type: number | undefined): boolean =>
  type !== undefined && type !== DataType.UNDEFINED && !FLOATS.includes(type);

const names = (list: string): string[] => list.split(" ");
const ALWAYS = new Set([
  ...names("Shape Size ArgMax ArgMin NonZero NonMaxSuppression Multinomial QuantizeLinear ConvInteger MatMulInteger"),
  ...names("And Or Xor Not Equal Greater GreaterOrEqual Less LessOrEqual IsNaN IsInf RegexFullMatch SequenceLength"),
  ...names("StringConcat StringNormalizer StringSplit ImageDecoder OptionalHasElement"),
]);
/** Outputs that are positions, counts or masks beside values. */
const BESIDE: Readonly<Record<string, readonly number[]>> = {
  MaxPool: [1],
  TopK: [1],
  Dropout: [1],
  Unique: [1, 2, 3],
  DynamicQuantizeLinear: [0, 2],
  ...Object.fromEntries(names("TreeEnsembleClassifier LinearClassifier SVMClassifier").map((op) => [`ai.onnx.ml.${op}`, [0]])),
};
/** Results have the type of this input; of the first one where none is named. */
const LIKE: Readonly<Record<string, number>> = { Where: 1, OneHot: 2, CastLike: 1 };
/** Floats from whatever. */
const NEVER = new Set(
  names("DequantizeLinear TfIdfVectorizer HannWindow HammingWindow BlackmanWindow MelWeightMatrix RandomNormal RandomUniform"),
);
/** An attribute names the type; without it that of the input, or floats. */
const NAMED: Readonly<Record<string, string>> = {
  Cast: "to",
  BitCast: "to",
  EyeLike: "dtype",
  Bernoulli: "dtype",
  SequenceEmpty: "dtype",
};
type Has = (name: string) => boolean;

/** The names of a graph's values that are no floats. */
export const wholeValues = (graph: Graph): ReadonlySet<string> => {
  const whole = new Set<string>();
  for (const { name, dataType } of graph.initializers.values()) if (isWholeType(dataType)) whole.add(name);
  for (const { name, type } of graph.inputs) if (isWholeType(type?.tensorType?.elemType)) whole.add(name);
  follow(graph.nodes, whole, () => false);
  return whole;
};

/** The same of a branch or a body; `inputs`: which of its inputs are no floats; `outside`: which captured values are none. */
export const wholeInside = (graph: GraphProto, inputs: readonly boolean[], outside: Has): ReadonlySet<string> => {
  const whole = new Set<string>();
  for (const { name, dataType } of graph.initializer) if (isWholeType(dataType)) whole.add(name);
  graph.input.forEach(({ name, type }, i) => {
    if (inputs[i] || isWholeType(type?.tensorType?.elemType)) whole.add(name);
  });
  follow(graph.node, whole, outside);
  for (const { name, type } of graph.output) if (isWholeType(type?.tensorType?.elemType)) whole.add(name);
  return whole;
};

const follow = (nodes: readonly NodeProto[], whole: Set<string>, outside: Has): void => {
  const has = (name: string | undefined) => name !== undefined && (whole.has(name) || outside(name));
  for (const node of nodes)
    node.output.forEach((name, i) => {
      if (name !== "" && isWhole(node, i, has)) whole.add(name);
    });
};

const isWhole = (node: NodeProto, i: number, has: (name: string | undefined) => boolean): boolean => {
  const op = opName(node);
  if (ALWAYS.has(op) || BESIDE[op]?.includes(i)) return true;
  if (NEVER.has(op) || op === "DynamicQuantizeLinear") return false;
  if (graphsOf(node).length > 0) return ofGraphs(node, i, has);
  const named = NAMED[op] && getInt(node, NAMED[op], 0);
  if (named) return isWholeType(named);
  if (op === "Constant") return !node.attribute.some(({ name }) => /float/.test(name)) && !isFloatTensor(node);
  if (op === "ConstantOfShape") return getAttribute(node, "value") !== undefined && !isFloatTensor(node);
  if (op === "ai.onnx.ml.LabelEncoder") return node.attribute.some(({ name }) => /^values_(int64s|strings)$/.test(name));
  const plain = node.domain === "" || op === "ai.onnx.ml.ArrayFeatureExtractor";
  return plain && has(node.input[LIKE[op] ?? 0]);
};

const isFloatTensor = (node: NodeProto): boolean => {
  const type = getAttribute(node, "value")?.t?.dataType;
  return type === undefined ? false : !isWholeType(type);
};

/** Output i of If, Loop, Scan: whole where it is in every branch. A body's state has the type it starts with. */
const ofGraphs = (node: NodeProto, i: number, has: (name: string | undefined) => boolean): boolean => {
  const inputs = node.opType === "If" ? [] : node.input.map((name) => has(name));
  const at = node.opType === "Loop" ? i + 1 : i;
  return graphsOf(node).every((graph) => {
    const output = graph.output[at]?.name;
    return output !== undefined && (wholeInside(graph, inputs, has).has(output) || (has(output) && !made(graph, output)));
  });
};

const made = (graph: GraphProto, name: string): boolean => graph.node.some((node) => node.output.includes(name));
