/** What the metrics of this family share. */

import type { MethodParameter } from "../../../cards/parameters.ts";
import { fail } from "../../../errors.ts";
import { trapezoid } from "../../../numeric/area.ts";
import { eachSample, type Measured, type MeasuredCurve, type Trial } from "../../metric.ts";
import { type Asked, askedOf } from "../../removal/ask.ts";
import { type CurveAsk, type Curves, curveOf, curvesOf } from "../../removal/curve.ts";
import { ORDERS, type Order } from "../../removal/order.ts";
import { ORDER } from "../../removal/parameters.ts";
import type { EvaluationScore } from "../../removal/score.ts";

/** Random orders, too: what the imputer alone does. */
export const ANY_ORDER: MethodParameter = {
  ...ORDER,
  what: "which units are removed first; random: what the imputer alone does",
  choices: [...ORDERS, "random"],
};

export const areasOf = (trial: Trial, { at, values }: MeasuredCurve): Float64Array =>
  eachSample(trial, (n) => trapezoid(values[n]!, at[n]!));

/** Element by element, over lists of one length. */
export const meanOf = (lists: readonly Float64Array[]): Float64Array =>
  Float64Array.from(lists[0]!, (_, k) => lists.reduce((sum, list) => sum + list[k]!, 0) / lists.length);

/** The mean curve; the units of a sample differ little in size, so the first curve's places serve. */
export const meanCurve = (curves: readonly MeasuredCurve[]): MeasuredCurve => ({
  at: curves[0]!.at,
  values: curves[0]!.values.map((_, n) => meanOf(curves.map(({ values }) => values[n]!))),
});

/** Curves of random orders: run once for all heatmaps, and for all metrics with the same units, imputer and steps. */
export const randomCurves = async (trial: Trial, asked: Asked): Promise<readonly MeasuredCurve[]> => {
  const { params, shared } = trial;
  const { unit, imputer, steps, repeats, "random-orders": count } = params;
  const curves: readonly Curves[] = await shared.once({ random: { unit, imputer, steps, repeats, count } }, () =>
    curvesOf(trial, asked.random(Number(count))),
  );
  return curves.map((of) => curveOf(of, params.score as EvaluationScore));
};

/** The curve of the order that was asked for, of random ones their mean; and the runner-up's probability along it. One run serves all scores. */
export const curveAlong = async (
  trial: Trial,
  asked: Asked,
  runnerUp = false,
): Promise<Record<"score" | "second", MeasuredCurve>> => {
  const { params, memo } = trial;
  const { unit, imputer, steps, repeats, aggregate, order, "random-orders": draws } = params;
  const score = params.score as EvaluationScore;
  const run = { unit, imputer, steps, repeats, aggregate, order, draws, runnerUp };
  const curves: readonly Curves[] = await memo.once({ along: run }, () =>
    curvesOf(trial, order === "random" ? asked.random(Number(draws)) : [asked.along(order as Order)], { runnerUp }),
  );
  return {
    score: meanCurve(curves.map((of) => curveOf(of, score))),
    second: meanCurve(curves.map(({ at, runnerUp }) => ({ at, values: runnerUp }))),
  };
};

/** The area under the curve of most relevant first: of removing units, or of putting them back. */
export const areaUnder = async (trial: Trial, more?: Pick<CurveAsk, "insertion">): Promise<Measured> => {
  const asked = askedOf(trial);
  const [curves] = await curvesOf(trial, [asked.along("morf", more)]);
  const score = curveOf(curves!, trial.params.score as EvaluationScore);
  return { scores: { auc: areasOf(trial, score) }, curves: { score }, ties: asked.ties };
};

/** For scores that compare with the untouched sample. Errors: BadRecipe. */
export const fromUntouched = (counts: readonly (readonly number[])[], steps: unknown): void => {
  if (counts.some(([first]) => first !== 0))
    throw fail("BadRecipe", {
      what: `steps '${steps}'`,
      why: "the fall is measured from the untouched sample",
      fix: "begin with 0",
    });
};
