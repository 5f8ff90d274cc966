/** What is read from the model's output along a curve. */
import type { MethodParameter } from "../methods/card.ts";
import type { Oracle } from "../methods/oracle.ts";
import { flatIndex, scoresOf } from "../methods/score.ts";

/** `top-1`: 1 while the class has the largest logit, else 0. */
export const SCORES = ["probability", "logit", "log-odds", "top-1"] as const;
export type EvaluationScore = (typeof SCORES)[number];

export const SCORE: MethodParameter = {
  what: "what is read from the model: probability, logit, log-odds of the class, or top-1 (1 while it is the winner)",
  default: "probability",
  choices: SCORES,
};

/** A score of a row of logits for a class (an index for each axis after the batch). */
export const readScore = (
  { options: { classes, head } }: Oracle,
  logits: Float32Array,
  target: readonly number[],
  score: EvaluationScore,
): number => (score === "top-1" ? Number(isWinner(logits, classes, target)) : scoresOf(logits, classes, target, score, head));

/** All scores of a row at once, in the order of SCORES, from `at` on. */
export const readScores = (
  { options: { classes, head } }: Oracle,
  logits: Float32Array,
  target: readonly number[],
  into: Float64Array,
  at: number,
): void => {
  const logit = scoresOf(logits, classes, target, "logit", head);
  const lead = scoresOf(logits, classes, target, "log-odds", head);
  into[at] = 1 / (1 + Math.exp(-lead));
  into[at + 1] = logit;
  into[at + 2] = lead;
  into[at + 3] = Number(isWinner(logits, classes, target));
};

const isWinner = (logits: Float32Array, classes: readonly number[], target: readonly number[]): boolean => {
  if (logits.length === 1) return target[0] === Number(logits[0]! > 0);
  const own = flatIndex(target, classes);
  const peak = logits[own]!;
  for (let i = 0; i < logits.length; i++) if (logits[i]! > peak || (logits[i] === peak && i < own)) return false;
  return true;
};
