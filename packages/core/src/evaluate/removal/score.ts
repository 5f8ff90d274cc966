/** What is read from the model's output along a curve. */
import type { MethodParameter } from "../../cards/parameters.ts";
import { type Aim, aimScore, type Place, rivalsAt } from "../../oracle/aim.ts";
import { isAim, type Judged, type Oracle } from "../../oracle/oracle.ts";
import { flatIndex, leadOver, type Scoring, scoresOf, winnerOf } from "../../oracle/score.ts";

/** `top-1`: 1 while the class has the largest logit, else 0. */
export const SCORES = ["probability", "logit", "log-odds", "top-1"] as const;
export type EvaluationScore = (typeof SCORES)[number];

export const SCORE: MethodParameter = {
  what: "what is read from the model: probability, logit, log-odds of the class, or top-1 (1 while it is the winner)",
  default: "probability",
  choices: SCORES,
};

/** A score of a row of logits for a class (an index for each axis after the batch), for its lead over the class it is judged against, or for an aim. */
export const readScore = (
  { options: { classes, scoring, against } }: Oracle,
  logits: Float32Array,
  target: Judged,
  score: EvaluationScore,
): number => {
  if (isAim(target))
    return score === "top-1"
      ? winningShare(logits, classes, target, scoring)
      : aimScore(logits, classes, target, score === "probability" && !scoring.classes ? "logit" : score, scoring);
  const read = against === undefined ? scoresOf : leadOver(against);
  if (score === "top-1")
    return Number(
      against === undefined ? isWinner(logits, classes, target, scoring) : read(logits, classes, target, "logit", scoring) > 0,
    );
  return read(logits, classes, target, score === "probability" && !scoring.classes ? "logit" : score, scoring);
};

/** All scores of a row at once, in the order of SCORES, from `at` on. */
export const readScores = (oracle: Oracle, logits: Float32Array, target: Judged, into: Float64Array, at: number): void => {
  // What has no probability is judged by its value.
  for (const [i, score] of SCORES.entries()) into[at + i] = readScore(oracle, logits, target, score);
};

const isWinner = (logits: Float32Array, classes: readonly number[], target: readonly number[], scoring: Scoring): boolean => {
  if (logits.length === 1) return target[0] === winnerOf(logits, classes, scoring)[0];
  const own = flatIndex(target, classes);
  const peak = logits[own]!;
  const { sign } = scoring;
  for (let i = 0; i < logits.length; i++) if (sign * logits[i]! > sign * peak || (logits[i] === peak && i < own)) return false;
  return true;
};

/** The share of an aim's places at which its class wins; values without rivals count where they are positive. */
const winningShare = (logits: Float32Array, sizes: readonly number[], { places, of: kind }: Aim, scoring: Scoring): number => {
  const wins = ({ at, against, turned }: Place): boolean => {
    if (kind === "value" || kind === "odds") return logits[at]! > (kind === "odds" ? 0.5 : 0);
    if (against !== undefined) return logits[at]! > logits[against]!;
    const rivals = rivalsAt(sizes, at, scoring);
    if (rivals === undefined) return logits[at]! > 0 !== (turned === true);
    const own = scoring.sign * logits[at]!;
    for (let k = 0, i = rivals.from; k < rivals.count; k++, i += rivals.step) if (scoring.sign * logits[i]! > own) return false;
    return true;
  };
  const all = (some: readonly Place[]) => some.reduce((sum, { weight }) => sum + Math.abs(weight), 0);
  return all(places.filter(wins)) / all(places);
};
