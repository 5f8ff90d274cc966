/** What a class's evidence is worth, read from the logits of one sample. */
import type { Recipe } from "../plan/index.ts";
import type { Tensor } from "../runtime/runtime.ts";

export type Score = "logit" | "probability" | "log-odds";

/** `target`: an index for each axis after the batch. With a single logit z class 1 has z, class 0 −z. */
export const scoresOf = (
  logits: Float32Array,
  classes: readonly number[],
  target: readonly number[],
  score: Score,
  head: "none" | "softmax" | "sigmoid",
): number => {
  const binary = logits.length === 1;
  const index = binary ? 0 : flatIndex(target, classes);
  const z = binary && target[0] === 0 ? -logits[0]! : logits[index]!;
  if (score === "logit") return z;
  if (binary || head === "sigmoid") return score === "log-odds" ? z : 1 / (1 + Math.exp(-z));
  // Along the last axis, as a softmax does.
  const last = classes.at(-1)!;
  const from = index - (index % last);
  let peak = Number.NEGATIVE_INFINITY;
  for (let i = from; i < from + last; i++) if (i !== index && logits[i]! > peak) peak = logits[i]!;
  let others = 0;
  for (let i = from; i < from + last; i++) if (i !== index) others += Math.exp(logits[i]! - peak);
  const lead = z - peak - Math.log(others); // log p/(1 − p)
  return score === "log-odds" ? lead : 1 / (1 + Math.exp(-lead));
};

export const flatIndex = (index: readonly number[], sizes: readonly number[]): number =>
  index.length === 1 ? index[0]! : index.reduce((flat, i, axis) => flat * sizes[axis]! + i, 0);

/** Index of the largest logit, the first on ties: one for each axis after the batch. With a single logit class 1 or 0, by its sign. */
export const winnerOf = (z: Float32Array, axes: readonly number[]): readonly number[] => {
  if (z.length === 1) return [z[0]! > 0 ? 1 : 0];
  let best = 0;
  for (let i = 1; i < z.length; i++) if (z[i]! > z[best]!) best = i;
  return axes.reduceRight<{ index: readonly number[]; rest: number }>(
    ({ index, rest }, size) => ({ index: [rest % size, ...index], rest: Math.floor(rest / size) }),
    { index: [], rest: best },
  ).index;
};

/** What a session takes as its target: int64 [N], or [N, axes]; one stands for all samples. */
export const classTensor = (targets: readonly (readonly number[])[]): Tensor => ({
  type: "int64",
  dims: targets[0]!.length === 1 ? [targets.length] : [targets.length, targets[0]!.length],
  data: BigInt64Array.from(targets.flat(), BigInt),
});

/** The same score as a compiled pass names it. The log-odds of one of several independent classes are its logit. */
export const scoreRecipe = (score: Score, head: "none" | "softmax" | "sigmoid"): Pick<Recipe, "score" | "seed"> =>
  score === "log-odds" && head !== "sigmoid"
    ? { score: "logit", seed: "log-odds" }
    : { score: score === "probability" ? "probability" : "logit" };
