import { group, type RuleCard, term } from "./rule.ts";

/** w² (Montavon et al. 2017, eq. 14): the Deep Taylor rule for unbounded inputs; does not look at them. */
export const wsquare: RuleCard = {
  name: "wsquare",
  what: "in proportion to the squared weights, whatever the input",
  source: "Montavon et al. 2017, eq. 14",
  domain: "taken to be without bounds",
  parameters: {},
  groups: () => [group(1, term("one", "square", "square"))],
};

/** flat (Lapuschkin et al. 2019): evenly over a neuron's inputs. */
export const flat: RuleCard = {
  name: "flat",
  what: "evenly over the inputs of each neuron",
  source: "Lapuschkin et al. 2019",
  parameters: {},
  groups: () => [group(1, term("one", "one"))],
};
