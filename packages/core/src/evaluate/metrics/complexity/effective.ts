/** Effective complexity (Nguyen and Martínez 2020): how many positions count, at a threshold of one's own. */
import { eachSample, type Metric } from "../../metric.ts";
import { positionMap } from "../../removal/units.ts";
import { countAbove, largest } from "./measures.ts";

export const effectiveComplexity: Metric = {
  card: {
    name: "effective-complexity",
    family: "complexity",
    what: "how many positions have relevance above a threshold",
    definition: "#{|R| > t}, or #{|R| > t · max|R|}, R being the sum over channels; the share is of all positions",
    source: "Nguyen and Martínez 2020, On quantitative aspects of model interpretability",
    scores: {
      effective_complexity: { what: "positions that count", direction: "lower", range: "0 to the positions" },
      effective_complexity_share: { what: "of all positions", direction: "lower", range: "0 to 1" },
    },
    cost: "0",
    criticism:
      "The paper takes the smallest set whose effect on the model stays within a bound; this is its count of the map alone.",
    parameters: {
      threshold: { what: "what |R| must exceed", default: 0.1, min: 0 },
      of: {
        what: "the threshold is a share of max|R| of the map, or a number of its own",
        default: "max",
        choices: ["max", "one"],
      },
    },
  },
  measure: async (trial) => {
    const { threshold, of } = trial.params;
    const maps = Array.from({ length: trial.x.dims[0]! }, (_, n) => positionMap(trial, n));
    const counts = eachSample(trial, (n) => countAbove(maps[n]!, Number(threshold) * (of === "max" ? largest(maps[n]!) : 1)));
    return {
      scores: {
        effective_complexity: counts,
        effective_complexity_share: counts.map((count, n) => count / maps[n]!.length),
      },
    };
  },
};
