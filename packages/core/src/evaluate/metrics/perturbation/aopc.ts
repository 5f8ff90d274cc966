/** Region perturbation (Samek et al. 2017): the area over the perturbation curve. */
import { aopcWithoutFirst, aopc as areaOver } from "../../../numeric/area.ts";
import { IMPUTER } from "../../imputers/index.ts";
import { eachSample, type MeasuredCurve, type Metric } from "../../metric.ts";
import { askedOf } from "../../removal/ask.ts";
import { AGGREGATE, RANDOM_ORDERS, REPEATS, UNIT } from "../../removal/parameters.ts";
import { STEPS } from "../../removal/schedule.ts";
import { SCORE } from "../../removal/score.ts";
import { ANY_ORDER, areasOf, curveAlong, fromUntouched, meanCurve, randomCurves } from "./family.ts";

export const aopc: Metric = {
  card: {
    name: "aopc",
    family: "perturbation",
    what: "mean fall of the score while regions are replaced in the order of their relevance",
    definition: "AOPC = 1/(L+1) Σ_{k=0..L} f(x⁰) − f(xᵏ), xᵏ with k regions replaced; above random: minus that of random orders",
    source: "Samek et al. 2017, Evaluating the visualization of what a deep neural network has learned, eq. 12",
    scores: {
      aopc: { what: "area over the curve, per step", direction: "higher", byOrder: true, range: "−1 to 1 (probability)" },
      aopc_above_random: {
        what: "what the order adds to random orders",
        direction: "higher",
        byOrder: true,
        range: "−2 to 2 (probability)",
      },
      aopc_no_k0: {
        what: "the same without the first term, which is 0: some programs have it",
        direction: "higher",
        byOrder: true,
        range: "−1 to 1 (probability)",
      },
      aopc_random: { what: "area over the curve of random orders: what the imputer alone does", range: "−1 to 1 (probability)" },
      auc: {
        what: "area under the curve, by the true share of the input",
        direction: "lower",
        byOrder: true,
        range: "0 to 1 (probability)",
      },
    },
    cost: "(1 + random-orders) × steps × repeats F; random orders are shared by all methods",
    criticism:
      "Its size depends on L, on the score and on the imputer, so that numbers of two set-ups do not compare (hence above random, and naopc). Where noise breaks the picture at once, every order falls alike.",
    parameters: {
      unit: UNIT,
      imputer: { ...IMPUTER, default: "uniform" },
      score: SCORE,
      order: ANY_ORDER,
      steps: { ...STEPS, default: "first:30" },
      aggregate: { ...AGGREGATE, default: "sum" },
      repeats: REPEATS,
      "random-orders": RANDOM_ORDERS,
    },
  },
  measure: async (trial) => {
    const asked = askedOf(trial);
    fromUntouched(asked.along("morf").checkpoints, trial.params.steps);
    const { score } = await curveAlong(trial, asked);
    const random = meanCurve(await randomCurves(trial, asked));
    const over = (curve: MeasuredCurve) => eachSample(trial, (n) => areaOver(curve.values[n]!));
    const [own, chance] = [over(score), over(random)];
    return {
      scores: {
        aopc: own,
        aopc_above_random: eachSample(trial, (n) => own[n]! - chance[n]!),
        aopc_no_k0: eachSample(trial, (n) => aopcWithoutFirst(score.values[n]!)),
        aopc_random: chance,
        auc: areasOf(trial, score),
      },
      curves: { score, random },
      ties: asked.ties,
    };
  },
};
