/** Monotonicity (Arya et al. 2019): units put back from the least to the most important; the score should never fall. */

import { IMPUTER } from "../../imputers/index.ts";
import { eachSample, type Metric } from "../../metric.ts";
import { askedOf } from "../../removal/ask.ts";
import { curveOf, curvesOf } from "../../removal/curve.ts";
import { AGGREGATE, REPEATS, UNIT } from "../../removal/parameters.ts";
import { STEPS } from "../../removal/schedule.ts";
import { type EvaluationScore, SCORE } from "../../removal/score.ts";

export const monotonicityArya: Metric = {
  card: {
    name: "monotonicity-arya",
    family: "faithfulness",
    what: "share of steps at which the score does not fall while units come back, the least important first",
    definition:
      "share of k with f(x_k) − f(x_{k−1}) ≥ −tolerance; x_0: all imputed, x_k: the first k units by rising |R_u| are back",
    source: "Arya et al. 2019, One explanation does not fit all (AI Explainability 360), monotonicity; after Luss et al. 2019",
    scores: {
      share: { what: "share of steps that do not fall", direction: "higher", range: "0 to 1" },
      monotone: { what: "1 where no step falls", direction: "higher", range: "0 or 1" },
    },
    cost: "(1 + units) × repeats F",
    criticism:
      "By |R|, units that speak against the class are put back, too, and must lower the score: a heatmap that is right fails. Even true evidence need not add up monotonically in a network. Steps of hardly any size count like large ones.",
    parameters: {
      unit: UNIT,
      imputer: IMPUTER,
      score: SCORE,
      steps: { ...STEPS, default: "every" },
      order: {
        what: "which units come back first: near-zero-first (rising |R|), lerf (rising R)",
        default: "near-zero-first",
        choices: ["near-zero-first", "lerf"],
      },
      aggregate: { ...AGGREGATE, default: "sum" },
      repeats: REPEATS,
      tolerance: { what: "falls up to this do not count", default: 1e-4, min: 0, max: 1e6 },
    },
  },
  measure: async (trial) => {
    const { params } = trial;
    const asked = askedOf(trial);
    const score = params.score as EvaluationScore;
    const order = params.order === "lerf" ? "lerf" : "near-zero-first";
    const [curves] = await curvesOf(trial, [asked.along(order, { insertion: true })]);
    const curve = curveOf(curves!, score);
    const share = eachSample(trial, (n) => {
      const values = curve.values[n]!;
      const held = values.subarray(1).filter((value, k) => value - values[k]! >= -Number(params.tolerance));
      return held.length / (values.length - 1);
    });
    return {
      scores: { share, monotone: share.map((held) => Number(held === 1)) },
      curves: { [score]: curve },
      ties: asked.ties,
    };
  },
};
