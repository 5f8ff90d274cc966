/**
 * What lies behind trees. Shapley values add up: through sums, means and constant factors behind the trees they go by the derivative,
 * exactly. Whatever else is made of *one* tree alone is a number of its leaves, as good as the leaf's own. And where all trees meet in
 * one number, what is made of that (a link, an outlier score) is explained by the difference it makes, background row by row.
 */
import type { Facts } from "../../graph/facts.ts";
import { sizeOf } from "../../graph/facts.ts";
import { type GraphNode, valuesRead } from "../../graph/graph.ts";
import type { Role } from "../../ops/index.ts";
import { ensembleOf, isTrees } from "../../trees/index.ts";

export interface Named {
  readonly node: GraphNode;
  readonly role: Role | string;
}

/** A node of trees, and what is taken for its outputs. */
export interface Trees {
  readonly node: GraphNode;
  /** Nodes behind it that are nobody's but its own: what they make is a number of each leaf. Empty: its scores are. */
  readonly inner: readonly GraphNode[];
  /** The values at which others begin. */
  readonly cuts: readonly string[];
}

export interface Regions {
  readonly trees: readonly Trees[];
  /** Behind the trees, in topological order: sums and the like. */
  readonly linear: readonly Named[];
  /** The one number in which all meet, where something else follows. */
  readonly waist?: string;
  /** From there on. */
  readonly bent: readonly Named[];
  /** The first node that nothing of this allows. */
  readonly wrong?: { readonly node: GraphNode | undefined; readonly why: string; readonly before?: string };
}

/** Constant derivatives: the result is linear in what the node reads of the trees. */
const isConstantSlope = ({ node, role }: Named, varies: (name: string) => boolean): boolean => {
  if (typeof role === "string" || !["linear", "sum", "scale", "shift", "structural"].includes(role.kind)) return false;
  return node.input.every((name, i) => name === "" || !varies(name) || role.inputs.includes(i));
};

/** `nodes`: between the explained value and the start, in topological order. */
export const regionsOf = (nodes: readonly Named[], start: string, facts: Facts): Regions => {
  const producers = nodes.filter(({ node }) => isTrees(node));
  /** By value: the nodes of trees it is made of. */
  const made = new Map<string, ReadonlySet<GraphNode>>();
  const behind: Named[] = [];
  let wrong: Regions["wrong"];
  const raw = rawValues(nodes);
  for (const named of nodes) {
    const { node } = named;
    const from = valuesRead(node).flatMap((name) => (made.has(name) ? [made.get(name)!] : []));
    if (isTrees(node)) {
      if (from.length > 0) wrong ??= { node, why: "these trees take in what other trees say" };
      for (const name of node.output) made.set(name, new Set([node]));
      continue;
    }
    if (from.length === 0) continue;
    if (valuesRead(node).some((name) => raw.has(name)))
      wrong ??= { node, why: "the input goes past the trees to what lies behind them" };
    behind.push(named);
    const all = new Set(from.flatMap((one) => [...one]));
    for (const name of node.output) made.set(name, all);
  }
  if (!made.has(start)) wrong ??= { node: nodes.at(-1)?.node, why: "no trees lie on the way to it" };
  const varies = (name: string) => made.has(name);
  const alone = (node: GraphNode) => behind.filter((one) => [...made.get(one.node.output[0]!)!].every((other) => other === node));
  const trees: Trees[] = [];
  const inside = new Set<GraphNode>();
  for (const { node } of producers) {
    const own = alone(node);
    const folds = own.some((one) => !isConstantSlope(one, varies)) && ensembleOf(node).trees === 1;
    const inner = folds ? own.map((one) => one.node) : [];
    const labels = new Set(node.output.slice(0, -1));
    const reader = inner.find((one) => valuesRead(one).some((name) => labels.has(name)));
    if (reader !== undefined) wrong ??= { node: reader, why: "it reads the label, of which no number of a leaf is known" };
    for (const one of inner) inside.add(one);
    const ends = new Set(folds ? [...node.output, ...inner.flatMap((one) => one.output)] : node.output);
    const outside = behind.filter((one) => !inner.includes(one.node)).flatMap((one) => valuesRead(one.node));
    trees.push({ node, inner, cuts: [...ends].filter((name) => name === start || outside.includes(name)) });
  }
  const rest = behind.filter(({ node }) => !inside.has(node));
  const bends = rest.filter((one) => !isConstantSlope(one, varies));
  if (bends.length === 0) return { trees, linear: rest, bent: [], ...(wrong && { wrong }) };
  const waist = waistOf(rest, bends, { start, facts });
  if (waist === undefined) {
    const { node, role } = bends[0]!;
    const before = node.input.find((name) => made.has(name));
    const why = typeof role === "string" ? role : "it bends what several trees or several scores make";
    wrong ??= { node, why, ...(before !== undefined && { before }) };
    return { trees, linear: rest, bent: [], wrong };
  }
  const upto = upstream(rest, waist);
  return {
    trees,
    linear: rest.filter((one) => upto.has(one)),
    waist,
    bent: rest.filter((one) => !upto.has(one)),
    ...(wrong && { wrong }),
  };
};

/** Values in front of the trees: they depend on the input, and no trees on the way. */
const rawValues = (nodes: readonly Named[]): ReadonlySet<string> => {
  const outputs = new Set(nodes.flatMap(({ node }) => node.output));
  const after = new Set<string>();
  for (const { node } of nodes)
    if (isTrees(node) || valuesRead(node).some((name) => after.has(name))) for (const name of node.output) after.add(name);
  return new Set([...outputs].filter((name) => !after.has(name)));
};

const upstream = (nodes: readonly Named[], value: string): ReadonlySet<Named> => {
  const needed = new Set([value]);
  const found = new Set<Named>();
  for (const named of [...nodes].reverse()) {
    if (!named.node.output.some((name) => needed.has(name))) continue;
    found.add(named);
    for (const name of valuesRead(named.node)) needed.add(name);
  }
  return found;
};

interface Ends {
  readonly start: string;
  readonly facts: Facts;
}

/** The last value of one number a sample, made without a bend, without which nothing behind it would depend on the trees. */
const waistOf = (nodes: readonly Named[], bends: readonly Named[], { start, facts }: Ends): string | undefined => {
  const single = (name: string) => sizeOf((facts.shape(name) ?? [null, null]).slice(1)) === 1;
  for (const { node } of [...nodes].reverse())
    for (const name of [...node.output, ...valuesRead(node)]) {
      if (name === start || !single(name) || facts.isConstant(name)) continue;
      const upto = upstream(nodes, name);
      if (bends.some((one) => upto.has(one))) continue;
      const later = nodes.filter((one) => !upto.has(one));
      const own = new Set([name, ...later.flatMap((one) => one.node.output)]);
      const reads = later.flatMap((one) => valuesRead(one.node)).filter((other) => !facts.isConstant(other));
      if (reads.every((other) => own.has(other))) return name;
    }
  return undefined;
};
