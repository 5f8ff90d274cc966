/** Efficient MPRT (Hedström et al. 2024): a model without knowledge should have a map without order. No maps are compared. */
import { eachSample, type Metric } from "../../metric.ts";
import { positionMap } from "../../removal/units.ts";
import { entropyOf, histogramEntropy } from "../complexity/measures.ts";
import { explainingIn } from "./cascade.ts";
import { forget, WEIGHTS } from "./weights.ts";

export const efficientMprt: Metric = {
  card: {
    name: "efficient-mprt",
    family: "randomisation",
    what: "does the map lose its order when all weights are drawn anew",
    definition:
      "(ξ(R of the changed model) − ξ(R))/ξ(R), R being the sum over channels; ξ: entropy in bits of the map's values in bins of equal width from its smallest to its largest; or entropy of the shares of |R|",
    source: "Hedström et al. 2024, A fresh look at sanity checks for saliency maps (eMPRT)",
    scores: {
      entropy_rise: { what: "relative rise of the histogram's entropy", direction: "higher", range: "at least −1" },
      complexity_rise: { what: "relative rise of the entropy of the shares of |R|", direction: "higher", range: "at least −1" },
    },
    cost: "draws × (a model loaded, and the method's cost)",
    criticism:
      "A map that is as disordered as it can be from the start cannot rise; one far off value puts all others in one bin.",
    needs: ["explain", "randomised"],
    parameters: {
      weights: WEIGHTS,
      bins: { what: "of the histogram", default: 100, min: 2, max: 65_536, integer: true },
      draws: { what: "random models; rises are averaged", default: 1, min: 1, max: 1000, integer: true },
    },
  },
  measure: async (trial) => {
    const { params, random, relevance, x } = trial;
    const explaining = explainingIn(trial, efficientMprt.card);
    const { layers } = explaining;
    const draws = Number(params.draws);
    const measures = {
      entropy_rise: (map: Float64Array) => histogramEntropy(map, Number(params.bins)),
      complexity_rise: entropyOf,
    };
    const rises = { entropy_rise: new Float64Array(x.dims[0]!), complexity_rise: new Float64Array(x.dims[0]!) };
    for (let draw = 0; draw < draws; draw++) {
      const chosen = layers.map((_, layer) => layer);
      const changed = await explaining.on(forget({ layers, chosen, how: String(params.weights), random, draw }));
      try {
        const maps = await changed.maps(
          x,
          Array.from(trial.ids, (_, n) => n),
        );
        for (const name of ["entropy_rise", "complexity_rise"] as const)
          eachSample(trial, (n) => measures[name](positionMap({ ...trial, relevance: maps }, n))).forEach((after, n) => {
            const before = measures[name](positionMap({ ...trial, relevance }, n));
            rises[name][n]! += (after - before) / before / draws;
          });
      } finally {
        await changed.release?.();
      }
    }
    return { scores: rises };
  },
};
