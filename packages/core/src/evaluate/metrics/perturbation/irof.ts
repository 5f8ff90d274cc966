/** Iterative removal of features (Rieger and Hansen 2020): whole segments go, and the score is read as a share of what it was. */
import { trapezoid } from "../../../numeric/area.ts";
import { IMPUTER } from "../../imputers/index.ts";
import { eachSample, type Metric } from "../../metric.ts";
import { askedOf } from "../../removal/ask.ts";
import { curveOf, curvesOf } from "../../removal/curve.ts";
import { AGGREGATE, REPEATS, UNIT } from "../../removal/parameters.ts";
import { STEPS } from "../../removal/schedule.ts";
import { type EvaluationScore, SCORE } from "../../removal/score.ts";
import { areasOf, fromUntouched } from "./family.ts";

export const irof: Metric = {
  card: {
    name: "irof",
    family: "perturbation",
    what: "area over the score, as a share of the untouched one, while superpixels are replaced by the mean colour",
    definition: "IROF = 1 − ∫₀¹ p_k/p_0 d(k/n), k of n segments removed, the most relevant (by mean) first; by trapezoids",
    source: "Rieger and Hansen 2020, IROF: a low resource evaluation metric for explanation methods",
    scores: {
      irof: { what: "area over the curve by the share of segments", direction: "higher", range: "up to 1" },
      irof_area_axis: { what: "area over the curve by the share of the picture", direction: "higher", range: "up to 1" },
    },
    cost: "steps × repeats F; every: one a segment",
    criticism:
      "Segments follow edges, which favours maps that do; their number is a free choice. The ratio explodes where the untouched score is small, and means nothing for scores that may be negative.",
    parameters: {
      unit: { ...UNIT, default: "slic:100" },
      imputer: { ...IMPUTER, default: "mean" },
      score: SCORE,
      steps: { ...STEPS, default: "every" },
      aggregate: AGGREGATE,
      repeats: REPEATS,
    },
  },
  measure: async (trial) => {
    const asked = askedOf(trial);
    const ask = asked.along("morf");
    fromUntouched(ask.checkpoints, trial.params.steps);
    const [curves] = await curvesOf(trial, [ask]);
    const { at, values } = curveOf(curves!, trial.params.score as EvaluationScore);
    const ratio = { at, values: values.map((of) => of.map((p) => (of[0] === 0 ? Number.NaN : p / of[0]!))) };
    const byShare = areasOf(trial, ratio);
    return {
      scores: {
        irof: eachSample(trial, (n) => {
          const { count } = asked.units[n]!;
          return (
            1 -
            trapezoid(
              ratio.values[n]!,
              ask.checkpoints[n]!.map((k) => k / count),
            )
          );
        }),
        irof_area_axis: byShare.map((area) => 1 - area),
      },
      curves: { ratio },
      ties: asked.ties,
    };
  },
};
