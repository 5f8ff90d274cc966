/** Models that read both inputs of a pair themselves: two branches that meet in a product, which is cut. */
import type { Facts } from "../../graph/facts.ts";
import { type Graph, type GraphNode, opName, valuesRead } from "../../graph/graph.ts";
import { producersOf } from "../../graph/producers.ts";

/** The embeddings that meet: values [N, features], of the input that comes first and of the other. */
export type Branches = readonly [string, string];

const PRODUCTS: ReadonlySet<string> = new Set(["Mul", "MatMul", "Gemm"]);
const MOVED: ReadonlySet<string> = new Set(["Transpose", "Unsqueeze", "Squeeze", "Reshape", "Flatten", "Identity"]);

/** The last product of features of different inputs; undefined where there is none. */
export const branchesOf = ({ nodes, inputs }: Pick<Graph, "nodes" | "inputs">, facts: Facts): Branches | undefined => {
  const from = new Map<string, ReadonlySet<string>>(inputs.map(({ name }) => [name, new Set([name])]));
  const makers = producersOf(nodes);
  let found: Branches | undefined;
  for (const node of nodes) {
    found = meeting(node, { from, makers, facts, inputs }) ?? found;
    const all = new Set(valuesRead(node).flatMap((name) => [...(facts.isConstant(name) ? [] : (from.get(name) ?? []))]));
    for (const name of node.output) from.set(name, all);
  }
  return found;
};

interface Seen extends Pick<Graph, "inputs"> {
  readonly from: ReadonlyMap<string, ReadonlySet<string>>;
  readonly makers: ReadonlyMap<string, GraphNode>;
  readonly facts: Facts;
}

const meeting = (node: GraphNode, { from, makers, facts, inputs }: Seen): Branches | undefined => {
  if (!PRODUCTS.has(opName(node))) return undefined;
  const [a, b] = node.input.slice(0, 2).map((name) => embeddingBehind(name, makers, facts));
  if (a === undefined || b === undefined) return undefined;
  const [own, other] = [from.get(a)!, from.get(b)!];
  if (own.size === 0 || other.size === 0 || [...own].some((name) => other.has(name))) return undefined;
  const first = (of: ReadonlySet<string>) => inputs.findIndex(({ name }) => of.has(name));
  return first(own) < first(other) ? [a, b] : [b, a];
};

/** One row of features a sample, before it was turned or given an axis. */
const embeddingBehind = (value: string, makers: ReadonlyMap<string, GraphNode>, facts: Facts): string | undefined => {
  for (let name = value; ; ) {
    const shape = facts.shape(name);
    if (facts.isConstant(name) || shape === undefined) return undefined;
    if (shape.length === 2 && shape[0] === null && (shape[1] ?? 0) > 1) return name;
    const node = makers.get(name);
    if (node === undefined || !MOVED.has(opName(node))) return undefined;
    name = node.input[0]!;
  }
};
