/**
 * Lowering: a file from any exporter becomes a plain float32 model of opset 17 or newer, made of operators that have roles. A pass
 * takes the whole model; most passes only take single nodes apart (`expanding`). Between passes the model is traced again, so a pass
 * may leave what it cannot decide yet: shapes of values a pass made are unknown until then.
 */

import { Builder } from "../graph/builder.ts";
import type { Facts } from "../graph/facts.ts";
import { namesOf, nodeLabel, nodesOf, opName } from "../graph/graph.ts";
import { namer, renamed, withSubgraphs } from "../graph/names.ts";
import type { TracedModel } from "../graph/traced-model.ts";
import { append } from "../numeric/extremes.ts";
import type { GraphProto, ModelProto, NodeProto } from "../onnx/proto.ts";
import { Budget } from "./budget.ts";
import type { Fix, Wish } from "./fix-sizes.ts";

export interface Pass {
  readonly name: string;
  /** What it does, in a line (docs and `inspect`). */
  readonly what: string;
  /** "nothing": applied once, to the file as it is, before a runtime has to take it; its facts are empty. Default "facts". */
  readonly needs?: "nothing" | "facts";
  /** Undefined: nothing to do here. Errors: Unsupported, where nothing later could help. */
  apply(traced: TracedModel, budget?: Budget): Passed | undefined;
}

export interface Passed {
  readonly model: ModelProto;
  /** What was done, for the user: "8 BiasGelu taken apart". */
  readonly notes: readonly string[];
  /** Why nodes stay as they are, by their first output: said where relevance would have to go through them. */
  readonly left?: ReadonlyMap<string, string>;
  /** Sizes the pass has to know before it can go on. */
  readonly fixes?: readonly Fix[];
}

/** Where an expansion writes. `g` writes nodes before the one that is replaced; all of them must be valid in the model's opset. */
export interface Context {
  readonly g: Builder;
  /** Shapes and constants; `facts.shape` is undefined for what an earlier pass of the same round made, and in subgraphs. */
  readonly facts: Facts;
  /** Of the default domain. */
  readonly opset: number;
  readonly budget: Budget;
  /** The node that makes a value, as it was before this pass. */
  producer(value: string): NodeProto | undefined;
  /** Leaves the node for the round after the one in which the free sizes this depends on were fixed. */
  fix(wish: Wish): undefined;
}

/** The values that take the place of a node's outputs, in order; undefined leaves the node for another round, text says why it stays. */
export type Expansion = (node: NodeProto, context: Context) => readonly string[] | string | undefined;
export type Expansions = Readonly<Record<string, Expansion>>;

/** A pass that takes single nodes apart: expansions by operator name (`Softmax`, `com.microsoft.BiasGelu`). */
export const expanding = (name: string, what: string, table: Expansions): Pass => ({
  name,
  what,
  apply: (traced, budget) => {
    const { counts, ...expanded } = expand(traced, table, budget && { budget });
    if (counts.size + expanded.left.size + expanded.fixes.length === 0) return undefined;
    return { ...expanded, notes: [...counts].map(([op, n]) => `${n} ${op}: ${what}`) };
  },
});

export interface ExpandOptions {
  /** Nodes of branches and loop bodies too. Default false. */
  readonly subgraphs?: boolean;
  readonly budget?: Budget;
}

/**
 * Replaces nodes by what their expansion wrote. Values keep their names: the node that makes a replacement takes over the name of
 * what it replaces, and its node's name where it is the only one.
 */
export const expand = (
  traced: TracedModel,
  table: Expansions,
  { subgraphs = false, budget = new Budget() }: ExpandOptions = {},
): Required<Omit<Passed, "notes">> & { readonly counts: ReadonlyMap<string, number> } => {
  const { model } = traced;
  const facts = traced.ownFacts();
  const opset = traced.graph.opsets.get("") ?? 17;
  const taken = namesOf(model.graph);
  // Runtimes refuse two nodes of one name.
  const label = namer(nodesOf(model.graph).map((node) => node.name));
  const counts = new Map<string, number>();
  const left = new Map<string, string>();
  const fixes: Fix[] = [];
  let graphs = 0;

  const visit = (graph: GraphProto, outside: Context["producer"]): GraphProto => {
    const made = new Map(graph.node.flatMap((node) => node.output.map((output) => [output, node] as const)));
    const producer = (value: string) => made.get(value) ?? outside(value);
    const number = graphs++;
    const g = new Builder(facts, taken, `low${traced.facts.shapes.size}${number === 0 ? "" : `.${number}`}`);
    const nodes: NodeProto[] = [];
    const given = new Map<string, string>();
    const now = (name: string) => given.get(name) ?? name;
    for (const node of graph.node) {
      const before = g.nodes.length;
      const output = node.output.find((name) => name !== "") ?? "";
      const fix = (wish: Wish) => void fixes.push({ ...wish, output, node: `${opName(node)} '${nodeLabel(node)}'` });
      const outputs = table[opName(node)]?.(node, { g, facts, opset, budget, producer, fix });
      const written = g.nodes.slice(before).map((w) => renamed(w, now));
      if (outputs === undefined || typeof outputs === "string") {
        if (outputs !== undefined) left.set(output, outputs);
        append(nodes, written);
        nodes.push(subgraphs ? withSubgraphs(node, (inner) => visit(inner, producer)) : node);
        continue;
      }
      counts.set(opName(node), (counts.get(opName(node)) ?? 0) + 1);
      const own = new Set(written.flatMap((w) => w.output));
      const copies: NodeProto[] = [];
      node.output.forEach((output, i) => {
        const value = outputs[i];
        if (output === "" || value === undefined) return;
        if (own.delete(value)) given.set(value, output);
        else copies.push(identity(now(value), output));
      });
      for (const w of written) {
        const name = written.length === 1 ? node.name : label(`${nodeLabel(node)}/${w.opType}`);
        nodes.push({ ...renamed(w, now), name });
      }
      append(nodes, copies);
    }
    const initializer = g.constants.length === 0 ? graph.initializer : [...graph.initializer, ...g.constants];
    return { ...graph, node: nodes, initializer };
  };
  const graph = visit(model.graph, () => undefined);
  return { model: counts.size === 0 ? model : { ...model, graph }, counts, left, fixes };
};

const identity = (from: string, to: string): NodeProto => ({
  opType: "Identity",
  domain: "",
  name: "",
  input: [from],
  output: [to],
  attribute: [],
});
