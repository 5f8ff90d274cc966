/** How much evidence stands at the head: whether there is anything to explain at all, and what shares are shares of. */
import type { Builder } from "../graph/builder.ts";
import { isLinear } from "../ops/index.ts";
import type { Plan } from "../plan/index.ts";
import { type Flow, multiplied } from "./flow.ts";
import type { LedgerWriter } from "./ledger.ts";

export class Evidence {
  readonly #g: Builder;
  readonly #plan: Plan;
  readonly #totals: LedgerWriter;
  readonly #evidence: string[] = [];
  readonly #inputs = new Set<string>();

  constructor(g: Builder, plan: Plan, totals: LedgerWriter) {
    this.#g = g;
    this.#plan = plan;
    this.#totals = totals;
  }

  /** Σ|x_i W_ij v_j| where a layer takes v; |y ⊙ v| where a skip does. */
  entered(value: string, v: string): void {
    const g = this.#g;
    const step = this.#plan.steps.find(({ node }) => node.output.includes(value));
    const size = g.op("Abs", [v]);
    if (step?.head && isLinear(step.role) && step.role.weight !== undefined) {
      const { role, node } = step;
      const x = role.inputs.map((i) => g.op("Abs", [node.input[i]!]));
      const applied = role.apply({ g, facts: g.facts, node }, x, g.op("Abs", [role.weight!]), undefined);
      this.#evidence.push(this.#totals.sumOf(g.mul(applied, size), value));
      for (const i of step.inputs) this.#inputs.add(node.input[i]!);
    } else {
      this.#evidence.push(this.#totals.sumOf(g.mul(g.op("Abs", [value]), size), value));
      this.#inputs.add(value);
    }
  }

  /** float32 [N, 2]: E, and Σ|R| behind the head. */
  finish(at: ReadonlyMap<string, Flow>): string {
    const g = this.#g;
    const leaving = [...this.#inputs].flatMap((name) => {
      const flow = at.get(name);
      return flow === undefined ? [] : [this.#totals.sumOf(g.op("Abs", [multiplied(g, flow)]), name)];
    });
    const sums = [this.#evidence, leaving].map((parts) => g.op("Reshape", [g.sum(parts), g.ints([-1, 1])]));
    return g.op("Concat", sums, { axis: 1 });
  }
}
