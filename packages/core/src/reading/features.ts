/**
 * What every number in a row of a value inside the graph stands for: a column of an input, a category of one, an n-gram of a text.
 * Followed from the inputs through what encodes, picks, and lays side by side.
 */
import { behind } from "../graph/behind.ts";
import { derived } from "../graph/derived.ts";
import { type Facts, sizeOf } from "../graph/facts.ts";
import { type Graph, type GraphNode, opName, valuesRead } from "../graph/graph.ts";
import { producersOf } from "../graph/producers.ts";
import { getInt, getInts, getStrings } from "../onnx/attributes.ts";
import { MOVES } from "./explained-merge.ts";
import { nGramsOf } from "./n-grams.ts";

export interface Feature {
  readonly input: string;
  /** Position in a row of the input. */
  readonly column?: number;
  /** The category that this is a yes or no for. */
  readonly category?: string;
  /** Counted in the text. */
  readonly nGram?: { readonly text: string; readonly ofCharacters: boolean };
  /** The category is a bin of the column's numbers. */
  readonly binned?: true;
  /** A code or vector stands for the column's value. */
  readonly encoded?: true;
}

/** Longest rows that are named. */
const MOST = 2 ** 22;

/** Row by row, of each value asked for; values that no name is known for are left out. */
export const featuresOf = (
  graph: Graph,
  facts: Facts,
  values: readonly string[],
): Readonly<Record<string, readonly Feature[]>> => {
  const producer = producersOf(graph.nodes);
  const inputs = new Set(graph.inputs.map(({ name }) => name));
  const of = derived<string, readonly Feature[] | undefined>({
    before: (name) => producer.get(name)?.input.filter((input) => input !== "" && !facts.isConstant(input)) ?? [],
    make: (name, of) => {
      const width = rowWidth(facts, name);
      if (inputs.has(name)) return width === undefined ? undefined : columnsOf(name, width);
      const node = producer.get(name);
      const features = node && made(node, { facts, of, producer });
      return width === undefined || features?.length === width ? features : undefined;
    },
    circular: undefined,
  });
  return Object.fromEntries(
    values.flatMap((name) => {
      const features = producer.has(name) ? of(name) : undefined;
      return features === undefined ? [] : [[name, features] as const];
    }),
  );
};

const columnsOf = (input: string, width: number): readonly Feature[] =>
  Array.from({ length: width }, (_, column) => ({ input, column }));

/** Numbers in a row: all axes but the first, where their sizes are known. */
const rowWidth = (facts: Facts, name: string): number | undefined => {
  const width = sizeOf((facts.shape(name) ?? [null]).slice(1)) ?? undefined;
  return facts.shape(name) === undefined || width === undefined || width > MOST ? undefined : width;
};

interface Site {
  readonly facts: Facts;
  readonly of: (name: string) => readonly Feature[] | undefined;
  readonly producer: ReadonlyMap<string, GraphNode>;
}

const made = (node: GraphNode, site: Site): readonly Feature[] | undefined => {
  const { facts, of } = site;
  const first = () => of(node.input[0]!);
  const op = opName(node);
  if (MOVES.has(op)) return op === "Transpose" && !keepsOrder(node, facts) ? undefined : first();
  switch (op) {
    case "StringNormalizer":
    case "com.microsoft.Tokenizer":
      return first();
    case "TfIdfVectorizer":
      return counted(node, site);
    case "ai.onnx.ml.OneHotEncoder":
      return categories(first(), getStrings(node, "cats_strings") ?? (getInts(node, "cats_int64s") ?? []).map(String));
    case "OneHot":
      return categories(first(), numbered(facts.scalar(node.input[1])));
    case "Equal":
      return compared(node, site) ?? elementWise(node, site);
    case "ArgMax":
      return binned(first());
    case "ai.onnx.ml.LabelEncoder":
    case "ai.onnx.ml.CategoryMapper":
      return first()?.map((one): Feature => ({ ...one, encoded: true }));
    case "Concat":
    case "ai.onnx.ml.FeatureVectorizer":
      return sideBySide(node, site);
    case "Gather":
    case "ai.onnx.ml.ArrayFeatureExtractor":
      return facts.isConstant(node.input[0]!) ? rowsOfTable(node, site) : picked(node, site);
    default:
      return elementWise(node, site);
  }
};

const numbered = (count: number | undefined): readonly string[] => Array.from({ length: count ?? 0 }, (_, i) => String(i));

const categories = (columns: readonly Feature[] | undefined, names: readonly string[]): readonly Feature[] | undefined =>
  columns?.flatMap((column) => names.map((category) => ({ ...column, category })));

/** Which of several comparisons of one column holds; the last one is always true, whatever column that is made of. */
const binned = (row: readonly Feature[] | undefined): readonly Feature[] | undefined => {
  const [one, ...others] = row ?? [];
  const same = ({ input, column }: Feature) => input === one?.input && column === one.column;
  if (one === undefined || !others.slice(0, -1).every(same)) return undefined;
  return [{ input: one.input, ...(one.column !== undefined && { column: one.column }), binned: true }];
};

/** A column of one axis more, compared with a list. */
const compared = (node: GraphNode, { facts, of }: Site): readonly Feature[] | undefined => {
  const [list, column] = facts.isConstant(node.input[0]!) ? [0, 1] : [1, 0];
  const names = facts.value(node.input[list]!)?.data;
  const shape = facts.shape(node.input[column]!);
  return names && shape?.at(-1) === 1
    ? categories(of(node.input[column]!), Array.from(names as readonly string[], String))
    : undefined;
};

const counted = (node: GraphNode, { facts, of, producer }: Site): readonly Feature[] | undefined => {
  const width = rowWidth(facts, node.output[0]!);
  const tokenizer = tokenizerOf(node.input[0]!, producer);
  const { names, ofCharacters } = nGramsOf(node, tokenizer);
  const [text] = of(tokenizer?.input[0] ?? node.input[0]!) ?? [];
  if (width === undefined || text === undefined) return undefined;
  return Array.from({ length: width }, (_, i) => ({ ...text, nGram: { text: names[i] ?? `n-gram ${i}`, ofCharacters } }));
};

const tokenizerOf = (value: string, producer: ReadonlyMap<string, GraphNode>): GraphNode | undefined => {
  const made = (name: string) => producer.get(name);
  const before = (node: GraphNode) => opName(node) !== "com.microsoft.Tokenizer" && node.input[0] !== undefined;
  const found = made(behind(value, made, before));
  return found !== undefined && opName(found) === "com.microsoft.Tokenizer" ? found : undefined;
};

/** Along an axis before which there is only the batch. */
const sideBySide = (node: GraphNode, { facts, of }: Site): readonly Feature[] | undefined => {
  const shape = facts.shape(node.output[0]!);
  if (shape === undefined) return undefined;
  const axis = (getInt(node, "axis", 1) + shape.length) % shape.length;
  if (axis === 0 || shape.slice(1, axis).some((size) => size !== 1)) return undefined;
  const parts = node.input.map(of);
  return parts.includes(undefined) ? undefined : parts.flatMap((part) => part!);
};

const picked = (node: GraphNode, { facts, of }: Site): readonly Feature[] | undefined => {
  const [from, at] = node.input as [string, string];
  const shape = facts.shape(from);
  const places = facts.numbers(at);
  if (shape === undefined || places === undefined) return undefined;
  const axis = (getInt(node, "axis", node.opType === "Gather" ? 0 : -1) + shape.length) % shape.length;
  const outer = shape.slice(1, axis).some((size) => size !== 1);
  const inner = sizeOf(shape.slice(axis + 1));
  const all = of(from);
  if (axis === 0 || outer || inner === null || all === undefined) return undefined;
  const size = all.length / inner;
  return places.flatMap((place) => {
    const start = (place < 0 ? place + size : place) * inner;
    return all.slice(start, start + inner);
  });
};

/** A vector for each column. */
const rowsOfTable = (node: GraphNode, { facts, of }: Site): readonly Feature[] | undefined => {
  if (getInt(node, "axis", 0) !== 0) return undefined;
  const width = sizeOf((facts.shape(node.input[0]!) ?? []).slice(1));
  const columns = of(node.input[1]!);
  if (width === null || columns === undefined || columns.length * width > MOST) return undefined;
  return columns.flatMap((column) => Array.from({ length: width }, (): Feature => ({ ...column, encoded: true })));
};

/** Arithmetic with constants, or with numbers made of the same columns, leaves each number where it is. */
const elementWise = (node: GraphNode, { facts, of }: Site): readonly Feature[] | undefined => {
  if (!ELEMENT_WISE.has(opName(node))) return undefined;
  const [first, ...others] = valuesRead(node)
    .filter((name) => !facts.isConstant(name))
    .map(of);
  const same = (other: readonly Feature[] | undefined) =>
    other?.every(({ input, column }, i) => first?.[i]?.input === input && first[i].column === column);
  if (!others.every(same) || first === undefined) return undefined;
  const width = rowWidth(facts, node.output[0]!) ?? 1;
  return first.length === 1 ? Array.from({ length: width }, () => first[0]!) : first; // compared with a list
};

const ELEMENT_WISE = new Set([
  "Add",
  "Sub",
  "Mul",
  "Div",
  "Mod",
  "Where",
  "Clip",
  "Abs",
  "Neg",
  "Min",
  "Max",
  "Not",
  "And",
  "Or",
  "Equal",
  "Less",
  "LessOrEqual",
  "Greater",
  "GreaterOrEqual",
  "IsNaN",
  "IsInf",
  "Floor",
  "Ceil",
  "Round",
  "Sign",
  "Sqrt",
  "Pow",
  "Exp",
  "Log",
  "Reciprocal",
  "Relu",
  "Erf",
  "Tanh",
  "Sigmoid",
]);

/** Axes of size 1 aside, nothing changes place. */
const keepsOrder = (node: GraphNode, facts: Facts): boolean => {
  const shape = facts.shape(node.input[0]!) ?? [];
  const perm = getInts(node, "perm") ?? [];
  const moved = perm.filter((axis) => shape[axis] !== 1);
  return perm.length === shape.length && perm[0] === 0 && moved.every((axis, i) => i === 0 || axis > moved[i - 1]!);
};
