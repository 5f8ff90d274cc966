/** Relative representation stability (Agarwal et al. 2022). */
import { fail } from "../../../errors.ts";
import type { Metric, Trial } from "../../metric.ts";
import { NEIGHBOURS } from "./neighbours.ts";
import { CRITICISM, neighbourOutputs, SAME_CLASS, SOURCE, stabilityOf } from "./relative.ts";

export const relativeRepresentationStability: Metric = {
  card: {
    name: "relative-representation-stability",
    family: "robustness",
    what: "largest relative change of the heatmap a relative change of an inner value of the model",
    definition:
      "max over x′ with the class of x of ‖(Φ(x) − Φ(x′)) / Φ(x)‖₂ / max(‖(L(x) − L(x′)) / L(x)‖₂, ε), ε = 1e-6 (also in place of zeros)",
    source: `${SOURCE}, equation 3`,
    scores: {
      relative_representation_stability: {
        what: "largest ratio; undefined where no drawn input keeps the class",
        direction: "lower",
        range: "0 to ∞",
      },
      same_class: SAME_CLASS,
    },
    cost: "samples explanations, 2 + 2 samples F",
    criticism: `${CRITICISM} It changes with the layer. Units that a ReLU has just switched on blow up the denominator.`,
    needs: ["explain"],
    parameters: {
      ...NEIGHBOURS,
      layer: {
        what: "the inner value L, by its name in the file; empty: what the last layer with weights takes in",
        default: "",
      },
    },
  },
  measure: async (trial) =>
    stabilityOf(trial, "relative_representation_stability", (await neighbourOutputs(trial, representationOf(trial))).inner),
};

const representationOf = ({ params, explaining }: Trial): string => {
  const named = String(params.layer);
  if (explaining?.inner !== undefined) return explaining.inner(named);
  if (named !== "") return named;
  throw fail("BadRecipe", { what: "no inner value can be found for finished maps", where: "layer", fix: "name one" });
};
