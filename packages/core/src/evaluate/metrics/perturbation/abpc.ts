/** Area between perturbation curves: AOPC of most relevant first minus AOPC of least relevant first. */
import { aopc } from "../../../numeric/area.ts";
import { IMPUTER } from "../../imputers/index.ts";
import { eachSample, type MeasuredCurve, type Metric } from "../../metric.ts";
import { askedOf } from "../../removal/ask.ts";
import { curveOf, curvesOf } from "../../removal/curve.ts";
import { AGGREGATE, REPEATS, UNIT } from "../../removal/parameters.ts";
import { STEPS } from "../../removal/schedule.ts";
import { type EvaluationScore, SCORE } from "../../removal/score.ts";
import { fromUntouched } from "./family.ts";

export const abpc: Metric = {
  card: {
    name: "abpc",
    family: "perturbation",
    what: "area between the curves of least and of most relevant units removed first, per step",
    definition:
      "ABPC = AOPC(MoRF) − AOPC(LeRF) = 1/(L+1) Σ_{k=0..L} f(x with k least relevant removed) − f(x with k most relevant removed)",
    source: "AOPC: Samek et al. 2017, eq. 12; both orders and the area between them: Schulz et al. 2020, Restricting the flow",
    scores: {
      abpc: { what: "area between the curves, per step", direction: "higher", range: "−1 to 1 (probability)" },
      aopc_morf: { what: "fall with the most relevant removed first", direction: "higher", range: "−1 to 1 (probability)" },
      aopc_lerf: { what: "fall with the least relevant removed first", direction: "lower", range: "−1 to 1 (probability)" },
    },
    cost: "2 × steps × repeats F",
    criticism:
      "Counts steps, not area: with steps of unequal width the dense part weighs more (srg integrates instead). Half of it is how long the score holds with little of the input left, which rewards maps that keep the object whole.",
    parameters: {
      unit: UNIT,
      imputer: IMPUTER,
      score: SCORE,
      steps: { ...STEPS, default: "linear:20" },
      aggregate: AGGREGATE,
      repeats: REPEATS,
    },
  },
  measure: async (trial) => {
    const asked = askedOf(trial);
    const asks = [asked.along("morf"), asked.along("lerf")] as const;
    fromUntouched(asks[0].checkpoints, trial.params.steps);
    const [morf, lerf] = (await curvesOf(trial, asks)).map((of) => curveOf(of, trial.params.score as EvaluationScore));
    const over = ({ values }: MeasuredCurve) => eachSample(trial, (n) => aopc(values[n]!));
    const [high, low] = [over(morf!), over(lerf!)];
    return {
      scores: { abpc: eachSample(trial, (n) => high[n]! - low[n]!), aopc_morf: high, aopc_lerf: low },
      curves: { morf: morf!, lerf: lerf! },
      ties: asked.ties,
    };
  },
};
