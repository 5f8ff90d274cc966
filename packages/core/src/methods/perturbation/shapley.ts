/**
 * Shapley values by permutations (Castro et al. 2009): φ of a group is the mean, over random orders, of what the score gains when the group joins
 * those before it. Every order is followed by its reverse (antithetic). Of tables up to 12 groups, and wherever there are no more coalitions than passes, exactly:
 *   φᵢ = Σ_S |S|! (M − |S| − 1)!/M! (v(S ∪ i) − v(S)).
 */

import type { Method } from "../method.ts";
import { BASELINE } from "../reference/baseline.ts";
import { FEATURES, SHARE } from "./coalitions.ts";

export const shapley: Method = {
  card: {
    name: "shapley",
    family: "perturbation",
    what: "what each group adds to the score when it joins the others, averaged over the orders in which they may come",
    assumes: "the baseline means absence; with few permutations the values are estimates that still add up",
    conserves: "f(x) − f(baseline)",
    cost: "(2 + permutations × (groups − 1)) × baselines F; tables up to 12 groups exactly, 2^groups × baselines F",
    classDiscriminative: true,
    modelAgnostic: true,
    joint: true,
    source: "Shapley 1953; Castro, Gómez, Tejada 2009; Štrumbelj, Kononenko 2010",
    parameters: {
      permutations: { what: "orders, two and two the reverse of each other", default: 20, min: 2, max: 100_000, integer: true },
      features: FEATURES,
      baseline: BASELINE,
      share: SHARE,
    },
  },
  // Asked for by name only: a page need not fetch it before.
  attribute: async (task) => (await import("./orders.ts")).shapleyValues(task),
};
