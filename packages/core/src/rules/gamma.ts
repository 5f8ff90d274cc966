import { group, type RuleCard, term, where } from "./rule.ts";

/**
 * LRP-γ (Montavon et al. 2019, section 10.2.3; generalised to inputs of either sign as in Andéol et al. 2021): contributions
 * of the output's own sign are favoured by a factor 1 + γ.
 */
export const gamma: RuleCard = {
  name: "gamma",
  what: "contributions of the output's own sign count 1 + γ times",
  source: "Montavon et al. 2019, section 10.2.3",
  parameters: { gamma: { what: "how much they are favoured", default: 0.25, min: 0 } },
  groups: ({ gamma }) => {
    const [up, down] = [{ gamma: gamma as number, of: "positive" } as const, { gamma: gamma as number, of: "negative" } as const];
    return [
      where("positive", group(1, term("positive", up, up), term("negative", down))),
      where("negative", group(1, term("positive", down, down), term("negative", up))),
    ];
  },
};
