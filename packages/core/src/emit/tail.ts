/** v on its way from the explained value to the head: every node of the tail by its derivative. */
import type { Builder } from "../graph/builder.ts";
import type { Step } from "../plan/index.ts";

export class Tail {
  readonly #at = new Map<string, string>();
  readonly #g: Builder;

  constructor(g: Builder, start: string, v: string) {
    this.#g = g;
    this.#at.set(start, v);
  }

  /** Hands v on through a node. */
  through({ node, role, inputs }: Step): void {
    const g = this.#g;
    const arrived = node.output.map((name) => this.take(name));
    if (arrived.every((v) => v === undefined)) return;
    for (const i of inputs) {
      const name = node.input[i]!;
      const v = role.vjp({ g, facts: g.facts, node }, arrived, i);
      const before = this.#at.get(name);
      this.#at.set(name, before === undefined ? v : g.add(before, v));
    }
  }

  /** v at a value; it is handed on once. */
  take(name: string): string | undefined {
    const v = this.#at.get(name);
    this.#at.delete(name);
    return v;
  }

  /** Multiplies v at a value by a mask; false where there is none. */
  multiply(name: string, factor: string): boolean {
    const v = this.#at.get(name);
    if (v === undefined) return false;
    this.#at.set(name, this.#g.mul(v, factor));
    return true;
  }

  /** Drops v everywhere else. */
  keepOnly(name: string): void {
    for (const other of [...this.#at.keys()]) if (other !== name) this.#at.delete(other);
  }
}
