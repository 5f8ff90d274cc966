/** What a class's evidence is worth, read from the explained values of one sample. */
import type { Path, Recipe } from "../plan/index.ts";
import { hasProbability } from "../reading/index.ts";
import type { Tensor } from "../tensor/tensor.ts";

export type Score = "logit" | "probability" | "log-odds";

/** What the values are, as `reading/output` says. */
export interface Scoring {
  readonly link: "none" | "softmax" | "sigmoid" | "mixture";
  /** Mixtures of votes: there are no logits, the probability is the score. */
  readonly votes: boolean;
  /** Mixtures: the values are logarithms. */
  readonly log: boolean;
  /** Classes share a sum of 1. */
  readonly exclusive: boolean;
  /** Position of the class axis among the axes after the batch. */
  readonly classAxis?: number;
  /** −1: the smaller speaks for what is explained. */
  readonly sign: 1 | -1;
  readonly twoClasses: boolean;
  /** Whether a probability can be had of them. */
  readonly classes: boolean;
  /** A single number that nothing is known of: it is explained as it is. */
  readonly plainValue: boolean;
}

/** How scores are read from the value at a path's start. Axes are counted without the batch. */
export const scoringOf = ({ reading, batchAxis }: Pick<Path, "reading" | "batchAxis">): Scoring => {
  const { link, classAxis, sign, twoClasses, kind } = reading;
  return {
    link: link.kind,
    votes: link.votes === true,
    log: link.log,
    exclusive: link.exclusive || link.kind === "none",
    ...(classAxis !== undefined && { classAxis: classAxis - Number(batchAxis !== undefined && classAxis > batchAxis) }),
    sign,
    twoClasses,
    classes: hasProbability(reading),
    plainValue: twoClasses && kind === "values",
  };
};

/**
 * `target`: an index for each axis after the batch, those of size 1 may be left out. With a single logit z class 1 has z, class 0 −z.
 * Where probabilities are mixed behind their softmax the logit is log p_t/(1 − p_t) of the model's own p; of votes p_t itself.
 */
export const scoresOf = (
  values: Float32Array,
  sizes: readonly number[],
  target: readonly number[],
  score: Score,
  scoring: Scoring,
): number => {
  const { link, sign, twoClasses, log } = scoring;
  const index = twoClasses ? 0 : flatIndex(target, sizes);
  const value = values[index]!;
  if (link === "mixture") {
    const p = log ? Math.exp(value) : value;
    const own = twoClasses && target[0] === 0 ? 1 - p : p;
    if (score === "probability" || (score === "logit" && scoring.votes)) return own;
    return Math.log(Math.max(own, TINY)) - Math.log(Math.max(restOf(values, sizes, index, own, scoring), TINY));
  }
  const z = sign * (twoClasses && target[0] === 0 ? -value : value);
  if (score === "logit") return z;
  const range = twoClasses || link === "sigmoid" ? undefined : classesOf(sizes, index, scoring);
  if (range === undefined) return score === "log-odds" ? z : 1 / (1 + Math.exp(-z));
  let peak = Number.NEGATIVE_INFINITY;
  for (let k = 0, i = range.from; k < range.count; k++, i += range.step) if (i !== index && values[i]! > peak) peak = values[i]!;
  let others = 0;
  for (let k = 0, i = range.from; k < range.count; k++, i += range.step) if (i !== index) others += Math.exp(values[i]! - peak);
  const lead = z - peak - Math.log(others); // log p/(1 − p)
  return score === "log-odds" ? lead : 1 / (1 + Math.exp(-lead));
};

/**
 * `A minus B`, read as `scoresOf` reads A: z_A − z_B, or p_A − p_B; where probabilities are mixed log p_A − log p_B. One logit that stands
 * for two classes is their lead already.
 */
export const leadOver =
  (rival: readonly number[]): typeof scoresOf =>
  (values, sizes, target, score, scoring) => {
    if (!contrasts(score, scoring)) return scoresOf(values, sizes, target, score, scoring);
    const of = (index: readonly number[], kind: Score) => scoresOf(values, sizes, index, kind, scoring);
    const mixed = scoring.link === "mixture" && !scoring.votes && score !== "probability";
    if (!mixed) return of(target, score === "log-odds" ? "logit" : score) - of(rival, score === "log-odds" ? "logit" : score);
    const logOf = (index: readonly number[]) => Math.log(Math.max(of(index, "probability"), TINY));
    return logOf(target) - logOf(rival);
  };

/** Whether a rival's score has to be taken off: probabilities of two classes are 1 − 2p apart, their one logit holds both. */
export const contrasts = (score: Score, { twoClasses, votes, link }: Scoring): boolean =>
  !twoClasses || score === "probability" || (votes && link === "mixture");

/** The least float32: a probability that is 0 in it may be anything below. */
const TINY = 1e-38;

/** 1 − p_t, as the sum of the others where they are its rivals. */
const restOf = (values: Float32Array, sizes: readonly number[], index: number, own: number, scoring: Scoring): number => {
  const range = scoring.exclusive && !scoring.twoClasses ? classesOf(sizes, index, scoring) : undefined;
  if (range === undefined) return 1 - own;
  let sum = 0;
  for (let k = 0, i = range.from; k < range.count; k++, i += range.step)
    if (i !== index) sum += scoring.log ? Math.exp(values[i]!) : values[i]!;
  return sum;
};

interface Stretch {
  readonly from: number;
  readonly step: number;
  readonly count: number;
}

/** Where the classes at the position of a value lie; undefined where it has no rivals. */
export const classesOf = (sizes: readonly number[], index: number, { classAxis }: Scoring): Stretch | undefined => {
  const count = classAxis === undefined ? 1 : (sizes[classAxis] ?? 1);
  if (count < 2) return undefined;
  const step = sizes.slice(classAxis! + 1).reduce((a, b) => a * b, 1);
  return { from: index - (Math.floor(index / step) % count) * step, step, count };
};

/** Which class an index names, along the class axis. */
export const classOf = (index: readonly number[], sizes: readonly number[], scoring: Scoring): number => {
  const at = flatIndex(index, sizes);
  const range = classesOf(sizes, at, scoring);
  return range === undefined ? at : (at - range.from) / range.step;
};

/** Position of a value among all of a sample; axes of size 1 may be left out of the index. */
export const flatIndex = (index: readonly number[], sizes: readonly number[]): number => {
  if (index.length === 1) return index[0]!;
  const axes = index.length === sizes.length ? sizes : wide(sizes);
  return index.reduce((flat, i, axis) => flat * axes[axis]! + i, 0);
};

/** The axes a target names an index of: those of size 1 are left out. */
export const wide = <T extends number | null>(sizes: readonly T[]): readonly T[] => sizes.filter((size) => size !== 1);

/** Index of the value that speaks for itself most, the first on ties: one for each axis of `wide`. With a single logit class 1 or 0, by its sign. */
export const winnerOf = (z: Float32Array, sizes: readonly number[], scoring?: Scoring): readonly number[] => {
  if (z.length === 1) {
    if (scoring?.plainValue) return [1];
    if (scoring !== undefined && !scoring.twoClasses) return [0];
    return [scoring?.link === "mixture" ? Number(z[0]! > (scoring.log ? Math.log(0.5) : 0.5)) : z[0]! > 0 ? 1 : 0];
  }
  const sign = scoring?.sign ?? 1;
  let best = 0;
  for (let i = 1; i < z.length; i++) if (sign * z[i]! > sign * z[best]!) best = i;
  return unravel(best, wide(sizes));
};

/** The winner among the other classes at the target's position; where no axis is known to count classes, among all other values. */
export const runnerUpOf = (
  z: Float32Array,
  sizes: readonly number[],
  target: readonly number[],
  scoring: Scoring,
): readonly number[] => {
  if (z.length === 1) return [1 - target[0]!];
  const own = flatIndex(target, sizes);
  const { from, step, count } = classesOf(sizes, own, scoring) ?? { from: 0, step: 1, count: z.length };
  let best = -1;
  for (let k = 0, i = from; k < count; k++, i += step)
    if (i !== own && (best < 0 || scoring.sign * z[i]! > scoring.sign * z[best]!)) best = i;
  return unravel(best, wide(sizes));
};

/** The position of a flat index in axes of these sizes, the last running fastest. */
export const unravel = (index: number, axes: readonly number[]): readonly number[] =>
  axes.length < 2
    ? [index]
    : axes.reduceRight<{ index: readonly number[]; rest: number }>(
        ({ index: found, rest }, size) => ({ index: [rest % size, ...found], rest: Math.floor(rest / size) }),
        { index: [], rest: index },
      ).index;

/** What a session takes as its target: int64 [N], or [N, axes]; one stands for all samples. */
export const classTensor = (targets: readonly (readonly number[])[]): Tensor => ({
  type: "int64",
  dims: targets[0]!.length === 1 ? [targets.length] : [targets.length, targets[0]!.length],
  data: BigInt64Array.from(targets.flat(), BigInt),
});

/** The same score as a compiled pass names it. The log-odds of one of several independent classes are its logit. */
export const scoreRecipe = (score: Score): Pick<Recipe, "score" | "seed"> =>
  score === "log-odds" ? { score: "logit", seed: "log-odds" } : { score: score === "probability" ? "probability" : "logit" };
