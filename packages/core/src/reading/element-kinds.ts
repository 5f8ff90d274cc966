/** What a value's elements are: numbers with a gradient, whole numbers, texts, yes or no. By the operators' own type rules, without a run. */
import type { Graph, GraphNode } from "../graph/graph.ts";
import { graphsOf, opName } from "../graph/graph.ts";
import { getAttribute, getInt } from "../onnx/attributes.ts";
import { DataType, type ValueInfoProto } from "../onnx/proto.ts";

export type ElementKind = "float" | "int" | "string" | "bool";

const FLOATS: readonly number[] = [DataType.FLOAT, DataType.FLOAT16, DataType.DOUBLE, DataType.BFLOAT16];

const kindOfType = (type: number): ElementKind => {
  if (type === DataType.STRING) return "string";
  if (type === DataType.BOOL) return "bool";
  return FLOATS.includes(type) || type === DataType.UNDEFINED ? "float" : "int";
};

/** A tensor of floats; one whose type is not said may be. */
export const isFloat = ({ type }: ValueInfoProto): boolean =>
  type === undefined || FLOATS.includes(type.tensorType?.elemType ?? DataType.UNDEFINED);

/** Kinds of all values. What is quantised stands for real numbers and counts as float. */
export const elementKinds = (graph: Graph): ReadonlyMap<string, ElementKind> => {
  const kinds = new Map<string, ElementKind>();
  for (const tensor of graph.initializers.values()) kinds.set(tensor.name, kindOfType(tensor.dataType));
  for (const { name, type } of graph.inputs) kinds.set(name, kindOfType(type?.tensorType?.elemType ?? DataType.UNDEFINED));
  for (const node of graph.nodes) {
    const made = outputsOf(node, (name) => (name ? kinds.get(name) : undefined) ?? "float");
    node.output.forEach((name, i) => void (name !== "" && kinds.set(name, made[Math.min(i, made.length - 1)]!)));
  }
  return kinds;
};

/** Results that have one kind whatever goes in, by operator. */
const MADE: Readonly<Record<string, readonly ElementKind[]>> = {
  ...each(["Equal", "Less", "LessOrEqual", "Greater", "GreaterOrEqual", "Not", "And", "Or", "Xor", "IsNaN", "IsInf"], ["bool"]),
  ...each(["Shape", "Size", "ArgMax", "ArgMin", "NonZero", "NonMaxSuppression", "Multinomial"], ["int"]),
  ...each(["com.microsoft.MurmurHash3"], ["int"]),
  ...each(["QuantizeLinear", "DynamicQuantizeLinear", "DequantizeLinear", "QLinearConv", "QLinearMatMul"], ["float"]),
  ...each(["MatMulInteger", "ConvInteger", "TfIdfVectorizer", "RandomNormal", "RandomUniform"], ["float"]),
  ...each(["StringNormalizer", "StringConcat", "com.microsoft.Tokenizer"], ["string"]),
  RegexFullMatch: ["bool"],
  StringSplit: ["string", "int"],
  ...each(["OneHotEncoder", "Scaler", "Normalizer", "FeatureVectorizer", "DictVectorizer"].map(ml), ["float"]),
  ...each(["LinearRegressor", "SVMRegressor", "TreeEnsembleRegressor", "TreeEnsemble"].map(ml), ["float"]),
  ...each(["LinearClassifier", "SVMClassifier", "TreeEnsembleClassifier"].map(ml), ["int", "float"]),
};

/** Which input the result is like, where that is not the first. */
const LIKE: Readonly<Record<string, number>> = { CastLike: 1, Where: 1, OneHot: 2 };

const outputsOf = (node: GraphNode, kind: (name: string | undefined) => ElementKind): readonly ElementKind[] => {
  const op = opName(node);
  const made = MADE[op];
  if (made !== undefined) return made;
  const first = kind(node.input[LIKE[op] ?? 0]);
  switch (op) {
    case "Cast":
      return [kindOfType(getInt(node, "to", DataType.FLOAT))];
    case "TopK":
    case "MaxPool":
    case "Unique":
      return [first, "int"];
    case "ConstantOfShape":
    case "Constant":
      return [constantKind(node)];
    case "ai.onnx.ml.LabelEncoder":
      return [encodedKind(node)];
    case "ai.onnx.ml.CategoryMapper":
      return [first === "string" ? "int" : "string"];
    case "If":
    case "Loop":
    case "Scan":
      return bodyKinds(node);
    default:
      return op.includes("QLinear") ? ["float"] : [first];
  }
};

const constantKind = (node: GraphNode): ElementKind => {
  const value = getAttribute(node, "value")?.t;
  if (value !== undefined) return kindOfType(value.dataType);
  if (node.attribute.some(({ name }) => name.startsWith("value_int"))) return "int";
  return node.attribute.some(({ name }) => name.startsWith("value_string")) ? "string" : "float";
};

const encodedKind = (node: GraphNode): ElementKind => {
  const has = (name: string) => node.attribute.some((one) => one.name === name);
  if (has("values_strings")) return "string";
  if (has("values_int64s") || has("default_int64") || has("classes_strings")) return "int";
  const tensor = getAttribute(node, "values_tensor")?.t;
  return tensor === undefined ? "float" : kindOfType(tensor.dataType);
};

const bodyKinds = (node: GraphNode): readonly ElementKind[] => {
  const outputs = graphsOf(node)[0]?.output ?? [];
  const own = outputs.slice(outputs.length - node.output.length);
  return own.length === 0 ? ["float"] : own.map(({ type }) => kindOfType(type?.tensorType?.elemType ?? DataType.UNDEFINED));
};

function ml(name: string): string {
  return `ai.onnx.ml.${name}`;
}

function each(names: readonly string[], made: readonly ElementKind[]): Record<string, readonly ElementKind[]> {
  return Object.fromEntries(names.map((name) => [name, made]));
}
