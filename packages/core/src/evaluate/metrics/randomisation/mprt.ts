/** Model parameter randomisation test (Adebayo et al. 2018): a map that stays as it was does not show what the model learnt. */
import type { Metric } from "../../metric.ts";
import { CASCADE, CASCADE_SCORES, cascade, explainingIn } from "./cascade.ts";

export const mprt: Metric = {
  card: {
    name: "mprt",
    family: "randomisation",
    what: "do maps change when the layers' weights are drawn anew",
    definition:
      "similarity of the maps of f and of f with the weights (and biases) of one layer after the other drawn anew, for the class of the trained model, R being the sum over channels; scores are means over the steps, and the last step",
    source: "Adebayo et al. 2018, Sanity checks for saliency maps (cascading and independent randomisation)",
    scores: CASCADE_SCORES,
    cost: "steps × draws × (a model loaded, and the method's cost)",
    criticism:
      "Noisy methods score well, since noise is unlike noise. Top-down randomisation keeps the lower layers' edges, which any honest map shows; SSIM and ranks weigh the many unimportant pixels (Binder et al. 2023, Yona and Greenfeld 2021). Parameters of normalisations stay.",
    needs: ["explain", "randomised"],
    parameters: CASCADE,
  },
  measure: async (trial) => {
    const explaining = explainingIn(trial, mprt.card);
    const samples = Array.from(trial.ids, (_, n) => n);
    return cascade(trial, explaining, trial.relevance, (changed) => changed.maps(trial.x, samples));
  },
};
