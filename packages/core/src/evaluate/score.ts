/** What is read from the model's output along a curve. */
import type { MethodParameter } from "../methods/card.ts";
import type { Oracle } from "../methods/oracle.ts";
import { scoresOf, winnerOf } from "../methods/score.ts";

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
): number =>
  score === "top-1"
    ? Number(winnerOf(logits, classes).every((index, axis) => index === target[axis]))
    : scoresOf(logits, classes, target, score, head);
