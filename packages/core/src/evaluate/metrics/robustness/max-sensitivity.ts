/** Max-sensitivity (Yeh et al. 2019) and local Lipschitz continuity (Alvarez-Melis and Jaakkola 2018), estimated by sampling. */

import { mean } from "../../../numeric/correlation.ts";
import { maxOf } from "../../../numeric/extremes.ts";
import { sampleOf } from "../../../tensor/float.ts";
import { eachSample, type Metric } from "../../metric.ts";
import { listed } from "../../removal/drops.ts";
import { distancesOf, NEIGHBOURS, norm } from "./neighbours.ts";

export const maxSensitivity: Metric = {
  card: {
    name: "max-sensitivity",
    family: "robustness",
    what: "how far the heatmap moves, at most, when the input moves a little",
    definition:
      "max over x′ of ‖Φ(x′) − Φ(x)‖₂ / ‖Φ(x)‖₂, x′ drawn uniformly from |x′ − x| ≤ r; avg: their mean; Lipschitz: max of ‖Φ(x′) − Φ(x)‖₂ / ‖x′ − x‖₂",
    source:
      "Yeh et al. 2019, On the (in)fidelity and sensitivity of explanations, definition 3.1 (divided by the map's norm, as in Captum and Quantus); Alvarez-Melis and Jaakkola 2018, On the robustness of interpretability methods, equation 2",
    scores: {
      max_sensitivity: { what: "largest relative change; undefined for a map of zeros", direction: "lower", range: "0 to ∞" },
      avg_sensitivity: { what: "mean relative change", direction: "lower", range: "0 to ∞" },
      local_lipschitz: {
        what: "largest change of the map a change of the input; in units of relevance, so methods do not compare",
        range: "0 to ∞",
      },
    },
    cost: "samples explanations",
    criticism:
      "A map that ignores the input is perfectly stable, and smoothing always helps. A model that is steep here should have a map that moves. The maximum of a few draws lies far below the true one.",
    needs: ["explain"],
    parameters: NEIGHBOURS,
  },
  measure: async (trial) => {
    const distances = await distancesOf(trial);
    const ratio = distances.map(({ map }, n) => {
      const size = norm(sampleOf(trial.relevance, n));
      return map.map((distance) => (size === 0 ? Number.NaN : distance / size));
    });
    return {
      scores: {
        max_sensitivity: eachSample(trial, (n) => maxOf(ratio[n]!)),
        avg_sensitivity: eachSample(trial, (n) => mean(ratio[n]!)),
        local_lipschitz: eachSample(trial, (n) => {
          const { map, input } = distances[n]!;
          return maxOf(map.map((distance, k) => distance / input[k]!));
        }),
      },
      curves: { ratio: listed(ratio) },
    };
  },
};
