/** Relative output stability (Agarwal et al. 2022). */
import type { Metric } from "../../metric.ts";
import { NEIGHBOURS } from "./neighbours.ts";
import { CRITICISM, neighbourOutputs, SAME_CLASS, SOURCE, stabilityOf } from "./relative.ts";

export const relativeOutputStability: Metric = {
  card: {
    name: "relative-output-stability",
    family: "robustness",
    what: "largest relative change of the heatmap a change of the logits",
    definition: "max over x′ with the class of x of ‖(Φ(x) − Φ(x′)) / Φ(x)‖₂ / max(‖h(x) − h(x′)‖₂, ε), h the logits, ε = 1e-6",
    source: `${SOURCE}, equation 5`,
    scores: {
      relative_output_stability: {
        what: "largest ratio; undefined where no drawn input keeps the class",
        direction: "lower",
        range: "0 to ∞",
      },
      same_class: SAME_CLASS,
    },
    cost: "samples explanations, 1 + samples F",
    criticism: `${CRITICISM} Where the logits hardly move, any change of the map counts without bound.`,
    needs: ["explain"],
    parameters: NEIGHBOURS,
  },
  measure: async (trial) => stabilityOf(trial, "relative_output_stability", (await neighbourOutputs(trial)).output),
};
