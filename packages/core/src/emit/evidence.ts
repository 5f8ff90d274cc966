/** How much evidence leaves the head: whether there is anything to explain at all, and what shares are shares of. */
import type { Builder } from "../graph/builder.ts";
import type { Plan } from "../plan/index.ts";
import { type Flow, multiplied } from "./flow.ts";
import type { Masked } from "./masking.ts";
import type { Totals } from "./totals.ts";

export class Evidence {
  readonly #g: Builder;
  readonly #plan: Plan;
  readonly #totals: Totals;
  /** Values relevance has when it has left the head: the layers' inputs, and skips. */
  readonly #values = new Set<string>();
  /** What was there before a mask took its share. */
  readonly #unmasked = new Map<string, Flow>();

  constructor(g: Builder, plan: Plan, totals: Totals) {
    this.#g = g;
    this.#plan = plan;
    this.#totals = totals;
  }

  /** Relevance entered at a value. */
  entered(value: string): void {
    const step = this.#plan.steps.find(({ node }) => node.output.includes(value));
    for (const name of step?.head ? step.inputs.map((i) => step.node.input[i]!) : [value]) this.#values.add(name);
  }

  readonly masked = ({ value, before, dropped }: Masked): void => {
    for (const [name, flow] of [[value, before] as const, ...dropped]) this.#unmasked.set(name, flow);
  };

  /** float32 [N, 2]: E = Σ|R| = Σ_i|x_i Σ_j W_ij v_j|, and ΣR. */
  finish(at: ReadonlyMap<string, Flow>): string {
    const g = this.#g;
    const leaving = [...this.#values].flatMap((name) => {
      const flow = this.#unmasked.get(name) ?? at.get(name);
      return flow === undefined ? [] : [{ name, r: multiplied(g, flow) }];
    });
    const sums = [
      leaving.map(({ name, r }) => this.#totals.alone(g.op("Abs", [r]), name)),
      leaving.map(({ name, r }) => this.#totals.alone(r, name)),
    ].map((parts) => g.op("Reshape", [parts.length > 0 ? g.sum(parts) : this.#totals.zero, g.ints([-1, 1])]));
    return g.op("Concat", sums, { axis: 1 });
  }
}
