/**
 * Whole numbers, texts and yes-or-no followed from the inputs through their arithmetic (hashes, wrapping, vocabularies) up to where
 * they become floats: of every such value, which inputs it says something of, and whether it still tells *which* value they had.
 */
import { type Facts, sizeOf } from "../graph/facts.ts";
import { type Graph, type GraphNode, opName, valuesRead } from "../graph/graph.ts";
import type { ElementKind } from "./element-kinds.ts";

export interface Discrete {
  /** Graph inputs it comes from. */
  readonly inputs: ReadonlySet<string>;
  /** It differs for different values of them; a comparison with one number (padding or not) only tells two groups apart. */
  readonly valued: boolean;
  /** Compared with a list: one yes or no for each class. */
  readonly listed: boolean;
  /** Rows of the table it was read from, of a table of integers. */
  readonly rows?: number;
  /** Several numbers of the input went into each. */
  readonly mixed: boolean;
  /** What the model decides of floats (the class of a tree, the nearest of neighbours): no longer what it was given. */
  readonly decided: boolean;
}

const COMPARISONS = new Set(["Equal", "Less", "LessOrEqual", "Greater", "GreaterOrEqual"]);
/** They pick one of several: where nothing was mixed, they read a one-hot or a bin. */
const PICKS = new Set(["ArgMax", "ArgMin", "TopK", "Hardmax"]);
const MIXES =
  /^(MatMul|Gemm|Conv|Einsum|ReduceSum|ReduceMean|ReduceL2|com\.microsoft\.CDist|ai\.onnx\.ml\.(TreeEnsemble|Linear|SVM))/;
const TREE = /^ai\.onnx\.ml\.TreeEnsemble/;
const COUNTS = new Set(["ReduceSum", "ReduceMax", "ReduceMin", "ReduceMean", "ArgMax", "ArgMin", "CumSum", "NonZero"]);

/** `seeds`: inputs to follow. A float value ends the way, unless `back` says that it only leads to discrete ones again. */
export const followDiscrete = (
  graph: Pick<Graph, "nodes">,
  facts: Facts,
  kinds: ReadonlyMap<string, ElementKind>,
  { seeds, back }: { readonly seeds: readonly string[]; readonly back: (value: string) => boolean },
): ReadonlyMap<string, Discrete> => {
  const found = new Map<string, Discrete>(
    seeds.map((name) => [name, { inputs: new Set([name]), valued: true, listed: false, mixed: false, decided: false }] as const),
  );
  for (const node of graph.nodes) {
    if (node.opType === "Shape" || node.opType === "Size") continue;
    const parts = valuesRead(node).flatMap((name) => found.get(name) ?? []);
    if (parts.length === 0) continue;
    const op = opName(node);
    const mixed = MIXES.test(op) || parts.some((part) => part.mixed);
    const decided = TREE.test(op) || parts.some((part) => part.decided || (part.mixed && PICKS.has(op)));
    const made = { ...madeOf(node, parts, facts, found), mixed, decided };
    for (const name of node.output) if (name !== "" && (kinds.get(name) !== "float" || back(name))) found.set(name, made);
  }
  return found;
};

const madeOf = (
  node: GraphNode,
  parts: readonly Discrete[],
  facts: Facts,
  found: ReadonlyMap<string, Discrete>,
): Omit<Discrete, "mixed" | "decided"> => {
  const inputs = new Set(parts.flatMap((part) => [...part.inputs]));
  const valued = parts.some((part) => part.valued);
  const listed = parts.some((part) => part.listed);
  const rows = rowsOf(node, facts) ?? parts.find((part) => part.rows !== undefined)?.rows;
  const more = rows === undefined ? {} : { rows };
  if (COMPARISONS.has(node.opType)) {
    const list = node.input.some((name) => !found.has(name) && isList(name, facts));
    return { inputs, valued: valued && list, listed: list };
  }
  if (COUNTS.has(node.opType)) return { inputs, valued: valued && listed, listed: false };
  // Which branch is taken says nothing of the value that is not in it.
  if (node.opType === "Where") {
    const branches = node.input.slice(1).flatMap((name) => found.get(name) ?? []);
    const condition = found.get(node.input[0]!);
    return { inputs, valued: branches.some((part) => part.valued) || condition?.listed === true, listed };
  }
  return { inputs, valued, listed, ...more };
};

/** Rows of the table of numbers that a lookup reads, whatever their type. */
export const rowsOf = (node: GraphNode, facts: Facts): number | undefined => {
  const [table] = node.input;
  if (!/^Gather/.test(opName(node)) || table === undefined || !facts.isConstant(table)) return undefined;
  const shape = facts.shape(table);
  return shape !== undefined && shape.length > 1 ? (shape[0] ?? undefined) : undefined;
};

/** A constant of several numbers: all classes, not the one that pads. */
const isList = (name: string, facts: Facts): boolean => facts.isConstant(name) && sizeOf(facts.shape(name) ?? []) !== 1;
