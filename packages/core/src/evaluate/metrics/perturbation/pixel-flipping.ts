/** Pixel-flipping (Bach et al. 2015): pixels are turned over one after another, and the class's score is watched. */

import { IMPUTER } from "../../imputers/index.ts";
import type { Metric } from "../../metric.ts";
import { askedOf } from "../../removal/ask.ts";
import { AGGREGATE, RANDOM_ORDERS, REPEATS, UNIT } from "../../removal/parameters.ts";
import { STEPS } from "../../removal/schedule.ts";
import { SCORE } from "../../removal/score.ts";
import { ANY_ORDER, areasOf, curveAlong } from "./family.ts";

export const pixelFlipping: Metric = {
  card: {
    name: "pixel-flipping",
    family: "perturbation",
    what: "score of the class, and of the runner-up, while pixels are turned over in the order of their relevance",
    definition:
      "AUC = ∫₀¹ f(x^(s)) ds, x^(s) with the share s of the pixels flipped; trapezoids between the steps, s counts pixels",
    source:
      "Bach et al. 2015, On pixel-wise explanations for non-linear classifier decisions by layer-wise relevance propagation (digits)",
    scores: {
      auc: {
        what: "area under the curve of the class's score",
        direction: "lower",
        byOrder: true,
        range: "0 to 1 (probability)",
      },
    },
    cost: "steps × repeats F; all pixels one by one: steps every",
    criticism:
      "Flipped pixels are no natural picture; single pixels scatter, so that much of the fall is noise the model never met. Near-zero-first has no better direction: the curve should stay flat for long, and so it does for maps that find nothing.",
    parameters: {
      unit: { ...UNIT, default: "pixel" },
      imputer: { ...IMPUTER, default: "invert" },
      score: SCORE,
      order: ANY_ORDER,
      steps: { ...STEPS, default: "linear:100" },
      aggregate: AGGREGATE,
      repeats: REPEATS,
      "random-orders": RANDOM_ORDERS,
    },
  },
  measure: async (trial) => {
    const asked = askedOf(trial);
    const { score, second } = await curveAlong(trial, asked, true);
    return { scores: { auc: areasOf(trial, score) }, curves: { score, runner_up: second }, ties: asked.ties };
  },
};
