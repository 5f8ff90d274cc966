import { group, type RuleCard, term } from "./rule.ts";

/** LRP-αβ (Bach et al. 2015, eq. 60): positive and negative contributions apart, weighted α and −β with α − β = 1. */
export const alphaBeta: RuleCard = {
  name: "alpha-beta",
  what: "positive and negative contributions apart, weighted α and −β",
  source: "Bach et al. 2015, eq. 60",
  parameters: {
    alpha: { what: "weight of the positive contributions, α − β = 1", default: 2, min: 0 },
    beta: { what: "weight of the negative contributions", default: 1, min: 0 },
  },
  groups: ({ alpha, beta }) => [
    group(alpha as number, term("positive", "positive", "positive"), term("negative", "negative")),
    ...(beta === 0 ? [] : [group(-(beta as number), term("positive", "negative", "negative"), term("negative", "positive"))]),
  ],
};

/** LRP-z⁺ (Montavon et al. 2017, eq. 12): positive contributions only; alpha-beta(1, 0). */
export const zplus: RuleCard = {
  name: "zplus",
  what: "in proportion to the positive contributions",
  source: "Montavon et al. 2017, eq. 12",
  parameters: {},
  groups: () => [group(1, term("positive", "positive", "positive"), term("negative", "negative"))],
};
