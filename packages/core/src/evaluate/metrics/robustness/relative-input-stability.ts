/** Relative input stability (Agarwal et al. 2022). */
import type { Metric } from "../../metric.ts";
import { distancesOf, NEIGHBOURS } from "./neighbours.ts";
import { CRITICISM, SAME_CLASS, SOURCE, stabilityOf } from "./relative.ts";

export const relativeInputStability: Metric = {
  card: {
    name: "relative-input-stability",
    family: "robustness",
    what: "largest relative change of the heatmap a relative change of the input",
    definition:
      "max over x′ with the class of x of ‖(Φ(x) − Φ(x′)) / Φ(x)‖₂ / max(‖(x − x′) / x‖₂, ε), ε = 1e-6 (also in place of zeros)",
    source: `${SOURCE}, equation 2`,
    scores: {
      relative_input_stability: {
        what: "largest ratio; undefined where no drawn input keeps the class",
        direction: "lower",
        range: "0 to ∞",
      },
      same_class: SAME_CLASS,
    },
    cost: "samples explanations, 1 + samples F",
    criticism: `${CRITICISM} Zeros of the input blow up the denominator: pictures with black ground look stable.`,
    needs: ["explain"],
    parameters: NEIGHBOURS,
  },
  measure: async (trial) =>
    stabilityOf(
      trial,
      "relative_input_stability",
      (await distancesOf(trial)).map(({ relativeInput }) => relativeInput),
    ),
};
