import { group, type RuleCard, term, times } from "./rule.ts";

/** z^B (Montavon et al. 2017, eq. 15): the Deep Taylor rule for inputs in a box, pixels for one. Zero padding stays zero. */
export const zbox: RuleCard = {
  name: "zbox",
  what: "for inputs between low and high, measured from the corner of the box",
  source: "Montavon et al. 2017, eq. 15",
  domain: "in a box",
  parameters: {
    low: { what: "least value of the input; one number, or one per channel", default: -1, perChannel: true },
    high: { what: "largest value of the input", default: 1, perChannel: true },
  },
  groups: ({ low, high }) => [
    group(
      1,
      term("all", "all", "all"),
      times(-1, term({ bound: low! }, "positive", "positive")),
      times(-1, term({ bound: high! }, "negative", "negative")),
    ),
  ],
};
