/** The float values that whole numbers and texts first become on the way to what is explained: what may be explained in their place. */
import { dependents } from "../graph/between.ts";
import type { Facts } from "../graph/facts.ts";
import { type Graph, type GraphNode, opName, valuesRead } from "../graph/graph.ts";
import { type Discrete, followDiscrete, rowsOf } from "./discrete.ts";
import type { ElementKind } from "./element-kinds.ts";

/** `table` rows looked up, `one-hot`, `n-grams` of a text; `numbers` taken as they are; `condition`: only a yes or no is left of them. */
type Lookup = "table" | "one-hot" | "n-grams" | "numbers" | "condition";

export interface Candidate {
  readonly value: string;
  readonly node: GraphNode;
  /** Graph inputs it stands for. */
  readonly inputs: readonly string[];
  readonly how: Lookup;
  /** How many values are told apart. */
  readonly rows: number;
}

/** Is it one of a set of things, that is looked up? */
export const isLookup = ({ how }: Candidate): boolean => how === "table" || how === "one-hot" || how === "n-grams";

export interface Frontier {
  readonly candidates: readonly Candidate[];
  /** Float inputs from which a way of floats leads to the output. */
  readonly floats: readonly string[];
}

export interface Where {
  readonly graph: Graph;
  readonly facts: Facts;
  readonly kinds: ReadonlyMap<string, ElementKind>;
  /** Nodes on the way to `start`. */
  readonly nodes: readonly GraphNode[];
  readonly start: string;
}

export const frontierOf = ({ graph, facts, kinds, nodes, start }: Where): Frontier => {
  const names = graph.inputs.map(({ name }) => name);
  const varying = dependents(graph, names);
  const isFloatValue = (name: string) => varying.has(name) && kinds.get(name) === "float";
  const live = new Set([start]);
  for (const node of [...nodes].reverse())
    if (node.output.some((name) => live.has(name))) for (const name of valuesRead(node)) if (isFloatValue(name)) live.add(name);
  const reached = new Set(nodes.flatMap(valuesRead));
  const discrete = followDiscrete({ nodes }, facts, kinds, {
    seeds: names.filter((name) => reached.has(name) && !live.has(name)),
    back: (name) => !live.has(name),
  });
  const candidates = nodes.flatMap((node): Candidate[] => {
    const [value] = node.output.filter((name) => live.has(name) && kinds.get(name) === "float");
    const reads = valuesRead(node).filter((name) => varying.has(name));
    if (value === undefined || value === start || reads.length === 0 || reads.some((name) => live.has(name))) return [];
    const parts = reads.flatMap((name) => discrete.get(name) ?? []);
    if (parts.some((part) => part.decided)) return [];
    const inputs = new Set(parts.flatMap((part) => [...part.inputs]));
    const { how, rows } = lookupOf(node, parts, facts, value);
    return [{ value, node, inputs: names.filter((name) => inputs.has(name)), how, rows }];
  });
  return { candidates, floats: names.filter((name) => live.has(name)) };
};

const lookupOf = (node: GraphNode, parts: readonly Discrete[], facts: Facts, value: string): Pick<Candidate, "how" | "rows"> => {
  const width = facts.shape(value)?.at(-1) ?? 1;
  const op = opName(node);
  if (op === "TfIdfVectorizer") return { how: "n-grams", rows: width };
  if (op === "ai.onnx.ml.OneHotEncoder" || parts.some((part) => part.listed)) return { how: "one-hot", rows: width };
  if (parts.every((part) => !part.valued)) return { how: "condition", rows: 2 };
  if (op === "OneHot") return { how: "one-hot", rows: width };
  const rows = rowsOf(node, facts) ?? parts.find((part) => part.rows !== undefined)?.rows;
  return rows === undefined ? { how: "numbers", rows: 1 } : { how: "table", rows };
};
