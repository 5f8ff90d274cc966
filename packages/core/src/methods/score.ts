/** What a class's evidence is worth, read from the logits of one sample. */
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
  index.reduce((flat, i, axis) => flat * sizes[axis]! + i, 0);
