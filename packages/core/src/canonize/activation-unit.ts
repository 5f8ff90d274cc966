/**
 * An activation spelled out: a product of two values that are both functions of one single value x, by element-wise
 * operations with scalar constants, is an activation of x. SiLU = x·σ(x), GELU = x·½(1 + erf(x/√2)) or its tanh form,
 * HardSwish = x·clip(x + 3, 0, 6)/6, Mish = x·tanh(softplus(x)), x·x. Relevance passes through the whole pattern.
 *
 * Every value has a chain: itself, the value it is a function of, the value that one is a function of, … The product's
 * factors are functions of the first value their chains share.
 */
import { type GraphNode, opName } from "../graph/graph.ts";
import { activationOps } from "../ops/activations.ts";
import { bodyOf, inOrder, type Rewrite, unit, type View } from "./rewrite.ts";

const ARITHMETIC = new Set(["Add", "Sub", "Mul", "Div", "Pow", "Max", "Min"]);
const UNIT = "backlit.Activation";
const MAX_NODES = 24;

interface Link {
  readonly value: string;
  /** Nodes that compute the chain's first value from this one. */
  readonly nodes: readonly GraphNode[];
}

const scalar = (value: string, view: View): boolean =>
  view.facts.isConstant(value) && (view.facts.shape(value) ?? [0]).every((d) => d === 1);

/** Chains of one search: each value is looked at once, and no deeper than a pattern goes. */
type Chains = Map<string, readonly Link[]>;

const chainOf = (value: string, view: View, chains: Chains, depth: number): readonly Link[] => {
  const known = chains.get(value);
  if (known !== undefined) return known;
  const chain: Link[] = [{ value, nodes: [] }];
  for (let last = chain[0]!; last.nodes.length < MAX_NODES; last = chain.at(-1)!) {
    const node = view.producer(last.value);
    if (node === undefined) break;
    const inputs = node.input.filter((name) => name !== "" && !scalar(name, view));
    const elementwise = opName(node) in activationOps || ARITHMETIC.has(opName(node)) || opName(node) === UNIT; // x² in a GELU
    if (!elementwise) break;
    const [a, b] = inputs;
    if (inputs.length === 1) chain.push({ value: a!, nodes: [...last.nodes, node] });
    else if (inputs.length === 2 && depth < MAX_NODES) {
      const joined = common(a!, b!, view, chains, depth + 1);
      if (joined === undefined) break;
      chain.push({ value: joined.value, nodes: [...last.nodes, node, ...joined.nodes] });
    } else break;
  }
  chains.set(value, chain);
  return chain;
};

const common = (a: string, b: string, view: View, chains: Chains = new Map(), depth = 0): Link | undefined => {
  const chain = chainOf(a, view, chains, depth);
  for (const link of chainOf(b, view, chains, depth)) {
    const other = chain.find(({ value }) => value === link.value);
    if (other !== undefined) return { value: link.value, nodes: [...new Set([...other.nodes, ...link.nodes])] };
  }
  return undefined;
};

export const activationUnit: Rewrite = {
  name: "activation-unit",
  what: "SiLU, GELU, HardSwish, Mish and the like, spelled out in several nodes, become one activation",
  match(mul, view) {
    if (mul.opType !== "Mul" || mul.domain !== "") return undefined;
    const [a, b] = mul.input as [string, string];
    if (view.facts.isConstant(a) || view.facts.isConstant(b)) return undefined;
    const root = common(a, b, view);
    if (root === undefined) return "its factors are not functions of one value: a gate";
    const inside = new Set<GraphNode>([mul, ...root.nodes]);
    const leak = view.leak(inside, mul);
    if (leak !== undefined) return leak;
    const nodes = [...inside].sort((m, n) => m.origin - n.origin);
    return {
      remove: nodes,
      add: [
        unit(
          { ...mul, domain: "backlit", opType: "Activation", input: [root.value] },
          inOrder(nodes, root.value).flatMap(bodyOf),
        ),
      ],
    };
  },
};
