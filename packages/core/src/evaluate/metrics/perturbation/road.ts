/** Remove and debias (Rong et al. 2022): pixels are imputed from their neighbours, so that the shape of the mask tells little. */

import { mean } from "../../../numeric/correlation.ts";
import { IMPUTER } from "../../imputers/index.ts";
import { eachSample, type Metric } from "../../metric.ts";
import { askedOf } from "../../removal/ask.ts";
import { type Curves, curveOf, curvesOf } from "../../removal/curve.ts";
import type { Order } from "../../removal/order.ts";
import { AGGREGATE, REPEATS, UNIT } from "../../removal/parameters.ts";
import { type EvaluationScore, SCORE } from "../../removal/score.ts";
import { fractionsOf, fractionsParameter } from "./fractions.ts";

export const road: Metric = {
  card: {
    name: "road",
    family: "perturbation",
    what: "score with shares of the most and of the least relevant pixels imputed from their neighbours",
    definition:
      "combined = (mean over shares p of f(x without the ⌊pN⌋ least relevant) − mean of f(x without the ⌊pN⌋ most relevant)) / 2; imputer: noisy linear imputation",
    source:
      "Rong et al. 2022, A consistent and efficient evaluation strategy for attribution methods; combined as in pytorch-grad-cam",
    scores: {
      combined: { what: "half the gap between both orders", direction: "higher", range: "−0.5 to 0.5 (probability)" },
      mean_morf: { what: "mean score with the most relevant removed", direction: "lower", range: "0 to 1 (probability)" },
      mean_lerf: { what: "mean score with the least relevant removed", direction: "higher", range: "0 to 1 (probability)" },
    },
    cost: "2 × fractions × repeats F, and as many systems of equations",
    criticism:
      "Linear imputation leaves low frequencies: what can be read from a blurred picture is not removed. Nine shares are a coarse curve. The paper reports accuracy over a data set (curves morf_correct, lerf_correct), which says little about one picture.",
    parameters: {
      unit: { ...UNIT, default: "pixel" },
      imputer: { ...IMPUTER, default: "road" },
      score: SCORE,
      fractions: fractionsParameter("0.1,0.2,0.3,0.4,0.5,0.6,0.7,0.8,0.9"),
      aggregate: AGGREGATE,
      repeats: REPEATS,
    },
  },
  measure: async (trial) => {
    const { params } = trial;
    const shares = fractionsOf(params.fractions);
    const asked = askedOf({ ...trial, params: { ...params, steps: "0" } });
    // The small addend: 0.3 × 10 must be 3.
    const checkpoints = asked.units.map(({ count }) => shares.map((share) => Math.floor(share * count + 1e-9)));
    const along = (order: Order) => ({ ...asked.along(order), checkpoints });
    const [morf, lerf] = (await curvesOf(trial, [along("morf"), along("lerf")])) as [Curves, Curves];
    const of = (curves: Curves) => curveOf(curves, params.score as EvaluationScore);
    const means = (curves: Curves) => eachSample(trial, (n) => mean(of(curves).values[n]!));
    const [low, high] = [means(morf), means(lerf)];
    return {
      scores: { combined: eachSample(trial, (n) => (high[n]! - low[n]!) / 2), mean_morf: low, mean_lerf: high },
      curves: {
        morf: of(morf),
        lerf: of(lerf),
        morf_correct: curveOf(morf, "top-1"),
        lerf_correct: curveOf(lerf, "top-1"),
      },
      ties: asked.ties,
    };
  },
};
