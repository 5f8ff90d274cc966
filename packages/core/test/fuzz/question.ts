/** Random questions to a network: how it is explained, for which class, from which seed. */
import fc from "fast-check";
import { composites } from "../../src/composites/index.ts";
import type { Target } from "../../src/emit/index.ts";
import type { Recipe } from "../../src/plan/index.ts";

export interface Asked {
  readonly recipe: Recipe;
  readonly target: Target;
  readonly ledger: boolean;
}

const BOXED = ["epsilon-gamma-box", "deep-taylor"];
const recipes: readonly Recipe[] = [
  {},
  {},
  ...Object.keys(composites).map((name) => ({
    composite: { name, ...(BOXED.includes(name) && { params: { low: -2, high: 2 } }) },
  })),
  { composite: { name: "epsilon", params: { zero_params: "bias" } } },
  { composite: { name: "epsilon-plus" }, params: { batchnorm: "merge-next", product: "uniform" } },
  { composite: { name: "epsilon-plus" }, params: { batchnorm: "pass", product: "signal-takes-all" } },
  { rules: [{ match: {}, rule: { name: "alpha-beta", alpha: 2, beta: 1 } }] },
  { method: "gradient" },
  { method: "gradient", score: "probability" },
  { method: "gradient-x-input" },
  { method: "guided-backprop" },
  { method: "deconvnet" },
  { method: "beta-smooth" },
];

export const question: fc.Arbitrary<Asked> = fc
  .record({
    recipe: fc.constantFrom(...recipes),
    seed: fc.constantFrom(undefined, "one", "logit", "log-odds", "contrastive", { contrast: 1 }),
    probability: fc.integer({ min: 0, max: 5 }),
    target: fc.constantFrom<Target>(
      { kind: "argmax" },
      { kind: "index", index: [0] },
      { kind: "index", index: [1] },
      { kind: "top", k: 2 },
      { kind: "input" },
    ),
    ledger: fc.boolean(),
  })
  .map(({ recipe, seed, probability, target, ledger }) => {
    const lrp = recipe.method === undefined;
    return {
      recipe: {
        ...recipe,
        ...(seed !== undefined && { seed: seed as never }),
        ...(probability === 0 && { score: "probability" }),
      },
      target,
      ledger: lrp && ledger,
    };
  });
