/**
 * The machinery of canonization: rewrites look at one node at a time and either replace some nodes, or say why not.
 * The canonical graph computes the same outputs; what changes is only how many rules are needed to explain it.
 */

import { Builder } from "../graph/builder.ts";
import type { Facts } from "../graph/facts.ts";
import { type Graph, type GraphNode, nodeLabel, opName, valuesRead } from "../graph/graph.ts";
import { append } from "../numeric/extremes.ts";
import type { NodeProto, TensorProto } from "../onnx/proto.ts";

/** A rewrite that fits here: the nodes it replaces and what stands in their place (in topological order). */
export interface Replacement {
  readonly remove: readonly GraphNode[];
  readonly add: readonly GraphNode[];
  /** Values to read under another name from now on: output of a removed identity → its input. */
  readonly rename?: ReadonlyMap<string, string>;
  /** A value that is gone → the value that carries its relevance now: a convolution's result → that of its batch norm. */
  readonly merged?: ReadonlyMap<string, string>;
}

export interface Rewrite {
  readonly name: string;
  /** What it does, in a line (docs and `inspect --why`). */
  readonly what: string;
  /** Nothing: no candidate. Text: a candidate that does not match, and why. */
  match(node: GraphNode, view: View): Replacement | string | undefined;
}

export interface Note {
  readonly rewrite: string;
  readonly node: string;
  readonly op: string;
  readonly matched: boolean;
  /** Why a candidate was left as it is. */
  readonly reason?: string;
}

/** The graph while it is rewritten: who makes and who reads a value. */
export class View {
  readonly #nodes: Set<GraphNode>;
  readonly #producer = new Map<string, GraphNode>();
  readonly #consumers = new Map<string, Set<GraphNode>>();
  readonly #outputs: ReadonlySet<string>;
  readonly notes: Note[] = [];
  readonly #merged = new Map<string, string>();
  /** Writes constants and weight preparation; its nodes join the graph with the replacement that uses them. */
  readonly build: Builder;

  constructor(
    readonly graph: Graph,
    readonly facts: Facts,
    /** Values that must stay as they are. */
    readonly keep: ReadonlySet<string> = new Set(),
  ) {
    this.#nodes = new Set(graph.nodes);
    this.#outputs = new Set(graph.outputs.map((output) => output.name));
    for (const node of graph.nodes) this.#link(node);
    const names = graph.nodes.flatMap((node) => node.output);
    this.build = new Builder(
      facts,
      [...names, ...graph.initializers.keys(), ...graph.inputs.map((input) => input.name)],
      "canon",
    );
  }

  /** A constant whose numbers later rewrites may need. */
  constant(values: readonly number[] | Float32Array, dims: readonly number[] = [values.length]): string {
    const name = this.build.floats(values, dims);
    this.facts.set(name, { type: "float32", dims, data: Float32Array.from(values) });
    return name;
  }

  producer(value: string | undefined): GraphNode | undefined {
    return value === undefined ? undefined : this.#producer.get(value);
  }

  consumers(value: string): readonly GraphNode[] {
    return [...(this.#consumers.get(value) ?? [])];
  }

  isOutput(value: string): boolean {
    return this.#outputs.has(value);
  }

  /** The one node that reads a value nobody else needs. */
  soleConsumer(value: string): GraphNode | undefined {
    const readers = this.#consumers.get(value);
    return readers?.size === 1 && !this.isOutput(value) ? [...readers][0] : undefined;
  }

  /** Why nodes cannot become one: a value made inside, not by `last`, is needed outside. */
  leak(nodes: ReadonlySet<GraphNode>, last: GraphNode): string | undefined {
    for (const node of nodes)
      for (const name of node.output)
        if (node !== last && (this.isOutput(name) || this.consumers(name).some((reader) => !nodes.has(reader))))
          return `'${name}' inside the pattern is used elsewhere`;
    return undefined;
  }

  apply(rewrite: Rewrite): void {
    const queue = [...this.#nodes];
    for (const start of queue) {
      // A replacement may take away nodes further on; what it adds is not looked at again, what it made read another value is.
      if (!this.#nodes.has(start)) continue;
      const found = rewrite.match(start, this);
      if (found === undefined) continue;
      const note = { rewrite: rewrite.name, node: nodeLabel(start), op: opName(start) };
      if (typeof found === "string") this.notes.push({ ...note, matched: false, reason: found });
      else if (this.#kept(found)) this.notes.push({ ...note, matched: false, reason: "a value it would take away is asked for" });
      else {
        this.notes.push({ ...note, matched: true });
        append(queue, this.#replace(found));
      }
    }
  }

  #kept = ({ rename = new Map(), merged = new Map() }: Replacement): boolean =>
    [...rename.keys(), ...merged.keys()].some((name) => this.keep.has(name));

  /** The value that carries the relevance of one that was merged away; the name itself otherwise. */
  carrier(name: string): string {
    let at = name;
    for (let next = this.#merged.get(at); next !== undefined; next = this.#merged.get(at)) at = next;
    return at;
  }

  /** Hands back the nodes that read another value now. */
  #replace({ remove, add, rename, merged }: Replacement): readonly GraphNode[] {
    const changed: GraphNode[] = [];
    for (const [from, to] of [...(rename ?? []), ...(merged ?? [])]) this.#merged.set(from, to);
    for (const node of remove) this.#unlink(node);
    for (const node of add) this.#link(node);
    for (const [from, to] of rename ?? [])
      for (const reader of this.consumers(from)) {
        this.#unlink(reader);
        const renamed = { ...reader, input: reader.input.map((name) => (name === from ? to : name)) };
        this.#link(renamed);
        changed.push(renamed);
      }
    return changed;
  }

  #link(node: GraphNode): void {
    this.#nodes.add(node);
    for (const name of node.output) this.#producer.set(name, node);
    for (const name of valuesRead(node)) {
      const readers = this.#consumers.get(name) ?? new Set();
      this.#consumers.set(name, readers.add(node));
    }
  }

  #unlink(node: GraphNode): void {
    this.#nodes.delete(node);
    for (const name of node.output) if (this.#producer.get(name) === node) this.#producer.delete(name);
    for (const name of valuesRead(node)) this.#consumers.get(name)?.delete(node);
  }

  /** The rewritten graph: nodes in topological order, nothing that no output needs. */
  /** `ends`: values beside the outputs that are wanted. */
  finish(ends: readonly string[] = []): Graph {
    const initializers = new Map([
      ...this.graph.initializers,
      ...this.build.constants.map((t): [string, TensorProto] => [t.name, t]),
    ]);
    const made = new Map(this.build.nodes.map((node) => [node.output[0]!, node]));
    for (const name of made.keys()) this.facts.markConstant(name); // rewrites prepare constants only
    const ordered: GraphNode[] = [];
    const done = new Set<NodeProto>();
    const visit = (value: string): void => {
      // An explicit stack: graphs are thousands of nodes deep.
      const stack: { node: GraphNode; next: number; reads: readonly string[] }[] = [];
      const enter = (name: string) => {
        const prepared = made.get(name);
        const node = this.#producer.get(name) ?? (prepared && { ...prepared, origin: -1 });
        if (prepared !== undefined) made.delete(name);
        if (node === undefined || done.has(node)) return;
        done.add(node);
        stack.push({ node, next: 0, reads: [...valuesRead(node), ...(node.body ?? []).flatMap(valuesRead)] });
      };
      enter(value);
      for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
        if (top.next < top.reads.length) enter(top.reads[top.next++]!);
        else ordered.push(stack.pop()!.node);
      }
    };
    for (const name of [...this.graph.outputs.map((output) => output.name), ...ends]) visit(name);
    return { ...this.graph, nodes: ordered, initializers };
  }
}

/** A unit: several nodes that one rule treats as one. */
export const unit = (node: GraphNode, body: readonly NodeProto[]): GraphNode => ({ ...node, body });

/** The nodes a unit stands for, or the node itself. */
export const bodyOf = (node: GraphNode): readonly NodeProto[] => node.body ?? [node];

/** Topological order, whatever the file's order was. */
export const inOrder = (nodes: readonly GraphNode[], root: string): readonly GraphNode[] => {
  const made = new Set(nodes.flatMap((node) => node.output));
  const ready = new Set([root]);
  const ordered: GraphNode[] = [];
  const left = new Set(nodes);
  while (left.size > 0)
    for (const node of left)
      if (node.input.every((name) => ready.has(name) || !made.has(name))) {
        ordered.push(node);
        left.delete(node);
        for (const name of node.output) ready.add(name);
      }
  return ordered;
};
