/** Names of classes that a model's own file tells: labels of scikit-learn's classifiers, metadata of exporters. */
import { dependents } from "../graph/between.ts";
import { type Graph, type GraphNode, graphOf, opName } from "../graph/graph.ts";
import { getFloats, getInts, getStrings } from "../onnx/attributes.ts";
import type { ModelProto, TensorProto } from "../onnx/proto.ts";
import { readTensor } from "../onnx/tensors.ts";

export interface ClassNames {
  /** By index. */
  readonly names: readonly string[];
  readonly why: string;
}

/** Undefined where the file names no classes, or only numbers them from 0 on. */
export const classNamesIn = (model: ModelProto): ClassNames | undefined => {
  const graph = graphOf(model);
  const named = ofNodes(graph) ?? ofMetadata(model);
  const found = named && namesByColumn(named, model);
  return found === undefined || found.names.every((name, i) => name === String(i)) ? undefined : found;
};

/** Names by the column that speaks for each: the other way round where the scores are. */
export const namesByColumn = (found: ClassNames, model: ModelProto): ClassNames =>
  scoresTurned(graphOf(model))
    ? { names: [...found.names].reverse(), why: `${found.why}, and the first score of two speaks for the second class` }
    : found;

/**
 * The operator SVMClassifier of two classes without probabilities gives [−f, f], and takes f > 0 for a vote for the first class: its columns
 * stand the other way round than its labels (ONNX Runtime; scikit-learn's decision function is column 0).
 */
const scoresTurned = (graph: Graph): boolean => {
  const machines = graph.nodes.filter((node) => opName(node) === "ai.onnx.ml.SVMClassifier");
  const [only] = machines;
  if (only === undefined || machines.length > 1 || labelsOf(only)?.length !== 2) return false;
  const votes = (getFloats(only, "coefficients") ?? []).some((weight) => weight < 0);
  if (!votes || (getFloats(only, "prob_a") ?? []).length > 0 || (getInts(only, "vectors_per_class") ?? []).length !== 2)
    return false;
  // Only where the scores come out as they are: what computes with them may have turned them.
  const reached = dependents(graph, [only.output[1]!]);
  return graph.nodes.every((node) => !node.input.some((name) => reached.has(name)) || PLAIN.has(opName(node)));
};

const PLAIN = new Set(["Cast", "Identity", "ai.onnx.ml.ZipMap"]);

const CLASSIFIERS = new Set(["LinearClassifier", "SVMClassifier", "TreeEnsembleClassifier"].map((name) => `ai.onnx.ml.${name}`));

/** Of the map of probabilities that comes out; else of the list labels are picked from; else of the last classifier. */
const ofNodes = (graph: Graph): ClassNames | undefined => {
  const last = [...graph.nodes].reverse();
  const map = last.find((node) => opName(node) === "ai.onnx.ml.ZipMap");
  const zipped = map && labelsOf(map);
  if (zipped !== undefined) return { names: zipped, why: "the file's ZipMap names them" };
  const picked = pickedFrom(graph);
  if (picked !== undefined) return { names: picked, why: "the file picks its labels from this list" };
  for (const node of last) {
    const names = CLASSIFIERS.has(opName(node)) ? labelsOf(node) : undefined;
    if (names !== undefined) return { names, why: `the file's ${node.opType} names them` };
  }
  return undefined;
};

const labelsOf = (node: GraphNode): readonly string[] | undefined => {
  const texts = getStrings(node, "classlabels_strings") ?? [];
  if (texts.length > 0) return texts;
  const numbers = getInts(node, "classlabels_int64s") ?? getInts(node, "classlabels_ints") ?? [];
  return numbers.length > 0 ? numbers.map(String) : undefined;
};

/** A list of constants from which the place of the largest score picks an output. */
const pickedFrom = ({ nodes, outputs, initializers }: Graph): readonly string[] | undefined => {
  const named = new Set(outputs.map(({ name }) => name));
  for (const node of [...nodes].reverse()) {
    const [list, at] = node.input.map((name) => initializers.get(name));
    const picks = ["Gather", "ai.onnx.ml.ArrayFeatureExtractor"].includes(opName(node));
    if (!picks || list === undefined || at !== undefined || list.dims.reduce((a, b) => a * b, 1) < 2 || !isList(list)) continue;
    const largest = nodes.filter(({ opType }) => opType === "ArgMax").flatMap(({ output }) => output);
    const reached = dependents({ nodes }, node.output);
    if (!dependents({ nodes }, largest).has(node.input[1]!) || ![...named].some((name) => reached.has(name))) continue;
    const { type, data } = readTensor(list);
    if (type === "string" || /^u?int/.test(type)) return Array.from(data as readonly (string | number | bigint)[], String);
  }
  return undefined;
};

const isList = ({ dims }: TensorProto): boolean => dims.filter((size) => size !== 1).length === 1;

/** Keys of metadata that hold names, as exporters write them (ultralytics: names). */
const KEYS = ["names", "class_names", "classes", "labels", "class_labels", "label_names", "id2label"];

const ofMetadata = (model: ModelProto): ClassNames | undefined => {
  for (const key of KEYS) {
    const text = model.metadataProps.find((entry) => entry.key.toLowerCase() === key)?.value;
    const names = text === undefined ? undefined : namesOf(text);
    if (names !== undefined) return { names, why: `the file's metadata '${key}' names them` };
  }
  return undefined;
};

/** JSON, a dictionary or list as Python writes it, or names with commas. */
const namesOf = (text: string): readonly string[] | undefined => {
  const json = parsed(text);
  if (Array.isArray(json)) return listed(json);
  if (typeof json === "object" && json !== null) return indexed(Object.entries(json));
  const pairs = [...text.matchAll(/['"]?(\d+)['"]?\s*:\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")/g)];
  if (/^\s*\{/.test(text)) return indexed(pairs.map(([, at, one, two]) => [at!, unescaped(one ?? two ?? "")]));
  if (/^\s*[[(]/.test(text))
    return listed(
      [...text.matchAll(/'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"/g)].map(([, one, two]) => unescaped(one ?? two ?? "")),
    );
  const parts = text.split(/\s*[,\n]\s*/).filter(Boolean);
  return parts.length > 1 ? parts : undefined;
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const unescaped = (text: string): string => text.replace(/\\(.)/g, "$1");

const listed = (names: readonly unknown[]): readonly string[] | undefined =>
  names.length > 1 && names.every((name) => typeof name === "string" || typeof name === "number") ? names.map(String) : undefined;

/** Every index from 0 has a name. */
const indexed = (entries: readonly (readonly [string, unknown])[]): readonly string[] | undefined => {
  const names = new Map(entries.map(([at, name]) => [Number(at), name] as const));
  const list = Array.from({ length: names.size }, (_, i) => names.get(i));
  return listed(list);
};
