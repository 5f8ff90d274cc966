/**
 * Symmetric relevance gain (Blücher et al. 2024, eq. 5): the area between the curves of least and of most relevant units removed first.
 * MRG and LRG are its halves, measured from the curve of random orders; the imputer's own effect falls out of the difference.
 */

import { IMPUTER } from "../../imputers/index.ts";
import { eachSample, type Metric } from "../../metric.ts";
import { askedOf } from "../../removal/ask.ts";
import { curveOf, curvesOf } from "../../removal/curve.ts";
import { AGGREGATE, RANDOM_ORDERS, REPEATS, UNIT } from "../../removal/parameters.ts";
import { STEPS } from "../../removal/schedule.ts";
import { type EvaluationScore, SCORE } from "../../removal/score.ts";
import { areasOf, meanCurve, meanOf, randomCurves } from "./family.ts";

export const srg: Metric = {
  card: {
    name: "srg",
    family: "perturbation",
    what: "area between the curves of least and of most relevant units removed first",
    definition: "SRG = AUC(LIF) − AUC(MIF) = MRG + LRG; MRG = AUC(random) − AUC(MIF), LRG = AUC(LIF) − AUC(random)",
    source: "Blücher, Vielhaben and Strodthoff 2024, Decoupling pixel flipping and occlusion strategy",
    scores: {
      srg: { what: "symmetric relevance gain", direction: "higher", range: "−1 to 1 (probability)" },
      mrg: { what: "most relevant gain: how much faster than at random the score falls", direction: "higher", range: "−1 to 1" },
      lrg: { what: "least relevant gain: how much longer than at random the score holds", direction: "higher", range: "−1 to 1" },
      auc_mif: { what: "area under the curve of most relevant first", direction: "lower", range: "0 to 1 (probability)" },
      auc_lif: { what: "area under the curve of least relevant first", direction: "higher", range: "0 to 1 (probability)" },
      auc_random: { what: "area under the curve of random orders: what the imputer alone does", range: "0 to 1 (probability)" },
    },
    cost: "(2 + random-orders) × steps × repeats F; random orders are shared by all methods",
    criticism: "Removed units leave the training distribution; how far depends on the imputer, so two of them are shown.",
    parameters: {
      unit: UNIT,
      imputer: IMPUTER,
      score: SCORE,
      steps: STEPS,
      aggregate: AGGREGATE,
      repeats: REPEATS,
      "random-orders": RANDOM_ORDERS,
    },
  },
  measure: async (trial) => {
    const score = trial.params.score as EvaluationScore;
    const asked = askedOf(trial);
    const [mif, lif] = (await curvesOf(trial, [asked.along("morf"), asked.along("lerf")])).map((of) => curveOf(of, score));
    const random = await randomCurves(trial, asked);
    const [low, high] = [areasOf(trial, mif!), areasOf(trial, lif!)];
    const between = meanOf(random.map((of) => areasOf(trial, of)));
    return {
      scores: {
        srg: eachSample(trial, (n) => high[n]! - low[n]!),
        mrg: eachSample(trial, (n) => between[n]! - low[n]!),
        lrg: eachSample(trial, (n) => high[n]! - between[n]!),
        auc_mif: low,
        auc_lif: high,
        auc_random: between,
      },
      curves: { mif: mif!, lif: lif!, random: meanCurve(random) },
      ties: asked.ties,
    };
  },
};
