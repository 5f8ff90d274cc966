/** ERASER (DeYoung et al. 2020): the most relevant units as a rationale, kept alone or taken away. */

import { IMPUTER } from "../../imputers/index.ts";
import { eachSample, type Measured, type Trial } from "../../metric.ts";
import { askedOf } from "../../removal/ask.ts";
import { curveOf, curvesOf } from "../../removal/curve.ts";
import { AGGREGATE, REPEATS, UNIT } from "../../removal/parameters.ts";
import { type EvaluationScore, SCORE } from "../../removal/score.ts";
import { fractionsOf, fractionsParameter } from "./fractions.ts";

export const RATIONALE = {
  unit: UNIT,
  imputer: IMPUTER,
  score: SCORE,
  fractions: fractionsParameter("0.01,0.05,0.1,0.2,0.5"),
  aggregate: AGGREGATE,
  repeats: REPEATS,
};

/** Mean over the shares of f(x) − f(x changed), under this name; the curve begins or ends with the untouched sample. */
export const rationale = async (trial: Trial, name: string, insertion: boolean): Promise<Measured> => {
  const { params } = trial;
  const shares = fractionsOf(params.fractions);
  const asked = askedOf({ ...trial, params: { ...params, steps: "0" } });
  // At least one unit; the small subtrahend: 0.1 × 30 must be 3.
  const counts = asked.units.map(({ count }) => shares.map((share) => Math.max(1, Math.ceil(share * count - 1e-9))));
  const checkpoints = counts.map((ks, n) => (insertion ? [...ks, asked.units[n]!.count] : [0, ...ks]));
  const [curves] = await curvesOf(trial, [{ ...asked.along("morf", { insertion }), checkpoints }]);
  const score = curveOf(curves!, params.score as EvaluationScore);
  const falls = eachSample(trial, (n) => {
    const values = score.values[n]!;
    const untouched = insertion ? values.at(-1)! : values[0]!;
    // The untouched sample itself falls by 0.
    return values.reduce((sum, value) => sum + untouched - value, 0) / shares.length;
  });
  return { scores: { [name]: falls }, curves: { score }, ties: asked.ties };
};
