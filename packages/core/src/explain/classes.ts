/** Which class each sample is explained for, where the model is asked more than once: decided once, by the first pass. */
import type { Target } from "../emit/index.ts";
import { fail } from "../errors.ts";
import type { FloatTensor } from "../methods/index.ts";

/** Indices by sample, one for each axis after the batch. A model with one logit has the classes 0 and 1. Errors: BadTarget. */
export const classTargets = (target: Target, logits: FloatTensor): readonly (readonly number[])[] => {
  const [samples = 1, ...axes] = logits.dims;
  const width = logits.data.length / samples;
  if (target.kind === "index") return Array.from({ length: samples }, () => target.index);
  if (target.kind !== "argmax")
    throw fail("BadTarget", {
      what: "several classes at once",
      why: "this method explains one class a run",
      fix: "name one class, or top",
    });
  return Array.from({ length: samples }, (_, n) => {
    const z = logits.data.subarray(n * width, (n + 1) * width);
    if (width === 1) return [z[0]! > 0 ? 1 : 0];
    let best = 0;
    for (let i = 1; i < width; i++) if (z[i]! > z[best]!) best = i;
    return indices(best, axes);
  });
};

const indices = (flat: number, axes: readonly number[]): number[] => {
  const index: number[] = [];
  let rest = flat;
  for (const size of [...axes].reverse()) {
    index.unshift(rest % size);
    rest = Math.floor(rest / size);
  }
  return index;
};
