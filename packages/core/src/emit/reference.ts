/** The forward graph a second time, on a reference input: every value that depends on the explained one has a twin. Written when asked for. */

import { bodyOf } from "../canonize/rewrite.ts";
import type { Builder } from "../graph/builder.ts";
import type { GraphNode } from "../graph/graph.ts";
import { append } from "../numeric/extremes.ts";

export class Reference {
  readonly #producer = new Map<string, GraphNode>();
  readonly #twins: Map<string, string>;

  /** `at`: the explained values' references. */
  constructor(
    readonly g: Builder,
    /** What depends on what is at a reference. */
    nodes: readonly GraphNode[],
    at: ReadonlyMap<string, string>,
  ) {
    this.#twins = new Map(at);
    for (const node of nodes) for (const name of node.output) this.#producer.set(name, node);
    for (const [name, twin] of at) this.#describe(name, twin);
  }

  /** The value at the reference; values that do not depend on the explained input are their own. */
  of(value: string): string {
    // An explicit stack: graphs are thousands of nodes deep.
    const stack = [value];
    for (let name = stack.at(-1); name !== undefined; name = stack.at(-1)) {
      const node = this.#twins.has(name) ? undefined : this.#producer.get(name);
      const missing = node?.input.filter((input) => input !== "" && this.#producer.has(input) && !this.#twins.has(input)) ?? [];
      if (missing.length > 0) append(stack, missing);
      else {
        stack.pop();
        if (node !== undefined) this.#write(node);
      }
    }
    return this.#twins.get(value) ?? value;
  }

  /** The node on the reference's values. */
  node(node: GraphNode): GraphNode {
    return {
      ...node,
      input: node.input.map((name) => (name === "" ? name : this.of(name))),
      output: node.output.map((name) => this.of(name)),
    };
  }

  #write(node: GraphNode): void {
    for (const { opType, domain, input, output, attribute } of bodyOf(node)) {
      const made = this.g.emit(
        { opType, domain, input: input.map((name) => this.#twins.get(name) ?? name), attribute },
        output.length,
      );
      output.forEach((name, k) => {
        this.#twins.set(name, made[k]!);
        this.#describe(name, made[k]!);
      });
    }
  }

  #describe(name: string, twin: string): void {
    const shape = this.g.facts.shape(name);
    if (shape !== undefined && this.g.facts.shape(twin) === undefined) this.g.facts.add(twin, shape, false);
    if (this.g.unbounded.has(name)) this.g.unbounded.add(twin);
  }
}
