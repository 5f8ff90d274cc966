import { group, type RuleCard, STABILIZER, term } from "./rule.ts";

/** LRP-ε (Bach et al. 2015, eq. 58): relevance in proportion to xᵢwᵢⱼ, each output's sum damped by ε·sign. */
export const epsilon: RuleCard = {
  name: "epsilon",
  what: "in proportion to x·w, the bias keeps its share",
  source: "Bach et al. 2015, eq. 58",
  parameters: { epsilon: { what: "added to the denominator with its sign", default: STABILIZER, min: 0, exclusive: true } },
  groups: () => [group(1, term("all", "all", "all"))],
};

/** The same without a parameter, for averages and sums of activations. */
export const norm: RuleCard = {
  name: "norm",
  what: "in proportion to the summands",
  source: "Montavon et al. 2019",
  parameters: {},
  groups: () => [group(1, term("all", "all", "all"))],
};
