/** Compile time in the number of nodes: it must be linear, and depth must not exhaust the stack. */
import { compileModel, decodeModel, encodeModel, encodeModelBytes, planModel, type Recipe, TracedModel } from "@backlit/core";
import { chainFacts, chains } from "./models/chain.ts";
import type { Row } from "./report.ts";

const SIZES = [1_000, 5_000, 10_000];
/** Time per node of the longest chain over that of the shortest: more garbage is collected there, but a quadratic step would show 10. */
const LINEAR = 3;
const ROUNDS = 7;

/** Milliseconds of processor time, garbage collection included: other work on the machine does not count. */
const busy = (work: () => unknown): number => {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
};

const recipes: Readonly<Record<string, Recipe>> = {
  epsilon: { composite: { name: "epsilon" } },
  gradient: { method: "gradient" },
};

export type ChainName = keyof typeof chains;

export const depth = (name: ChainName, onRow: (row: Row) => void): void => {
  for (const [label, recipe] of Object.entries(recipes)) {
    const perNode = new Map<string, number[]>();
    for (const size of SIZES) {
      const model = chains[name](size);
      const facts = chainFacts(model);
      const bytes = encodeModelBytes(model);
      const traced = () => new TracedModel(model, facts);
      const compiled = compileModel(traced(), recipe);
      const works = {
        decode: () => decodeModel(bytes),
        plan: () => planModel(traced(), recipe),
        compile: () => compileModel(traced(), recipe),
        ...(recipe.method === undefined && { "with a ledger": () => compileModel(traced(), recipe, { ledger: true }) }),
        encode: () => encodeModel(compiled.model),
      };
      for (const [what, work] of Object.entries(works)) {
        let fastest = Number.POSITIVE_INFINITY;
        for (let i = 0; i < ROUNDS; i++) fastest = Math.min(fastest, busy(work));
        const value = (1000 * fastest) / model.graph.node.length;
        perNode.set(what, [...(perNode.get(what) ?? []), value]);
        onRow({ network: `${name} chain`, what: `${label}, ${size} nodes, ${what}`, unit: "µs/node", value });
      }
    }
    for (const [what, values] of perNode)
      onRow({
        network: `${name} chain`,
        what: `${label}, ${what}: ${SIZES.at(-1)} over ${SIZES[0]} nodes`,
        unit: "×",
        value: values.at(-1)! / values[0]!,
        budget: LINEAR,
      });
  }
};
