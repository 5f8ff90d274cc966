import { along, group, type RuleCard, term, times } from "./rule.ts";

/**
 * LRP-γ (Montavon et al. 2019, section 10.2.3), for inputs and outputs of either sign (Andéol et al. 2021): contributions of the
 * output's own sign count 1 + γ times. Where z > 0 that is x⁺(w + γw⁺) + x⁻(w + γw⁻), where z < 0 x⁺(w + γw⁻) + x⁻(w + γw⁺),
 * and z = 0 gives nothing. Since x⁺w⁺ + x⁻w⁻ = (xw + |x||w|)/2, both are
 *
 *   (1 + γ/2) x·w + sign(z) (γ/2) |x|·|w|
 */
export const gamma: RuleCard = {
  name: "gamma",
  what: "contributions of the output's own sign count 1 + γ times",
  source: "Montavon et al. 2019, section 10.2.3",
  parameters: { gamma: { what: "how much they are favoured", default: 0.25, min: 0 } },
  groups: ({ gamma }) => {
    const half = (gamma as number) / 2;
    return [group(1, times(1 + half, term("all", "all", "all")), along(times(half, term("abs", "abs", "abs"))))];
  },
};
