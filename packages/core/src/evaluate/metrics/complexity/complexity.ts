/** How few positions a map needs: entropy, sparseness, grey levels, positions that count. Of the heatmap alone. */
import { eachSample, type Metric } from "../../metric.ts";
import { positionMap } from "../../removal/units.ts";
import { countAbove, entropyOf, giniOf, greyOf, largest, levelEntropy } from "./measures.ts";

export const complexity: Metric = {
  card: {
    name: "complexity",
    family: "complexity",
    what: "how spread out the map is: entropy, sparseness, positions that count",
    definition:
      "entropy = −Σ p ln p with p = |R|/Σ|R|; sparseness = Gini index of |R|; image entropy = entropy in bits of the map in 256 grey levels, ⌊(R/max|R| + 1)/2 · 255 + ½⌋; effective complexity = #{|R| > 10⁻⁵} and #{|R| > 0.1 max|R|}. R: the sum over channels",
    source:
      "Bhatt, Weller and Moura 2020, μ_C (entropy); Chalasani et al. 2020 (Gini index); Samek et al. 2017 (image entropy); Nguyen and Martínez 2020 (effective complexity)",
    scores: {
      entropy: { what: "entropy of the shares of |R|, nats", direction: "lower", range: "0 to ln of the positions" },
      sparseness: { what: "Gini index of |R|", direction: "higher", range: "0 to 1" },
      image_entropy_bits: { what: "entropy of the map's grey levels", direction: "lower", range: "0 to 8" },
      "effective_complexity_abs_1e-5": { what: "positions with |R| > 10⁻⁵", direction: "lower", range: "0 to the positions" },
      "effective_complexity_rel_0.1": {
        what: "positions with |R| > 0.1 max|R|",
        direction: "lower",
        range: "0 to the positions",
      },
    },
    cost: "0",
    criticism:
      "Says nothing about the model: a single bright pixel anywhere wins. An absolute threshold depends on the map's scale.",
    parameters: {},
  },
  measure: async (trial) => {
    const maps = Array.from({ length: trial.x.dims[0]! }, (_, n) => positionMap(trial, n));
    const each = (score: (map: Float64Array) => number) => eachSample(trial, (n) => score(maps[n]!));
    return {
      scores: {
        entropy: each(entropyOf),
        sparseness: each(giniOf),
        image_entropy_bits: each((map) => levelEntropy(greyOf(map), 256)),
        "effective_complexity_abs_1e-5": each((map) => countAbove(map, 1e-5)),
        "effective_complexity_rel_0.1": each((map) => countAbove(map, 0.1 * largest(map))),
      },
    };
  },
};
