/**
 * Infidelity (Yeh et al. 2019, definition 2.1): does the heatmap foretell what a perturbation takes away?
 *
 *   INFD = E_I (Iᵀ·Φ − (f(x) − f(x − I)))²,   scaled by the best factor β = E[IᵀΦ Δ] / E[(IᵀΦ)²]
 */

import { mean } from "../../../numeric/correlation.ts";
import { IMPUTER } from "../../imputers/index.ts";
import { eachSample, type Metric } from "../../metric.ts";
import { dropsOf, listed } from "../../removal/drops.ts";
import { type EvaluationScore, SCORE } from "../../removal/score.ts";
import { gaussian, square } from "./perturbations.ts";

export const infidelity: Metric = {
  card: {
    name: "infidelity",
    family: "faithfulness",
    what: "squared error of the heatmap as a forecast of what perturbations take from the score",
    definition:
      "INFD = mean over perturbations I of (I·Φ − Δ)², Δ = f(x) − f(x − I); scaled: (β I·Φ − Δ)² with β = mean(I·Φ Δ) / mean((I·Φ)²). Square: I·Φ is the sum of relevance in the square",
    source:
      "Yeh, Hsieh, Suggala, Inouye and Ravikumar 2019, On the (in)fidelity and sensitivity of explanations, definition 2.1, section 2.2",
    scores: {
      infidelity_scaled: {
        what: "mean squared error after the best scaling of the heatmap",
        direction: "lower",
        range: "0 to ∞",
      },
      infidelity: { what: "mean squared error of the heatmap as it is", direction: "lower", range: "0 to ∞" },
      beta: { what: "the best scaling: 1 where the heatmap is in units of the score", range: "any number" },
    },
    cost: "1 + samples F, shared by all methods",
    criticism:
      "The method that is best by definition depends on the perturbation: gradients for little noise, occlusion for squares. Unscaled it judges magnitude more than place; a map of zeros has the scaled error mean(Δ²), which depends on sample and model.",
    parameters: {
      perturbation: {
        what: "square: a square is removed, for maps whose sums are shares of the score (relevance, gradient × input); gaussian: noise, for local maps (gradient); a map without channels is then undefined unless the input has one",
        default: "square",
        choices: ["square", "gaussian"],
      },
      samples: { what: "perturbations a sample", default: 50, min: 1, max: 100_000, integer: true },
      size: { what: "side of the square in positions; 0: an eighth of each axis", default: 0, min: 0, max: 1e6, integer: true },
      sigma: {
        what: "standard deviation of the noise as a share of the sample's range (max − min)",
        default: 0.1,
        min: 0,
        max: 10,
      },
      imputer: IMPUTER,
      score: { ...SCORE, default: "logit" },
    },
  },
  measure: async (trial) => {
    const { perturbation, samples, size, sigma, imputer, score } = trial.params;
    const { count, dot, write } = perturbation === "gaussian" ? gaussian(trial) : square(trial);
    const key = perturbation === "gaussian" ? { samples, sigma } : { samples, size, imputer };
    const drops = await dropsOf(trial, { infidelity: key }, () => ({ count: () => count, write }));
    const delta = drops[score as EvaluationScore];
    const dots = delta.map((of, n) => of.map((_, k) => dot(n, k)));
    const beta = eachSample(trial, (n) => {
      const size = mean(dots[n]!.map((value) => value * value));
      return size === 0 ? 0 : mean(dots[n]!.map((value, k) => value * delta[n]![k]!)) / size;
    });
    const error = (scale: (n: number) => number) =>
      eachSample(trial, (n) => mean(dots[n]!.map((value, k) => (scale(n) * value - delta[n]![k]!) ** 2)));
    return {
      scores: { infidelity_scaled: error((n) => beta[n]!), infidelity: error(() => 1), beta },
      curves: { delta: listed(delta), dot: listed(dots) },
    };
  },
};
