/** Which class each sample is explained for: asked for by index, or decided once by a first pass. */
import type { Target } from "../emit/index.ts";
import { fail } from "../errors.ts";
import type { Shape } from "../graph/facts.ts";
import type { FloatTensor } from "../methods/index.ts";
import { winnerOf } from "../methods/score.ts";

/** One class a sample: its index, or one for each axis after the batch. */
export type SampleTargets = readonly (number | readonly number[])[];

export type Asked = Target | { readonly kind: "each"; readonly index: readonly (readonly number[])[] };

export const askedOf = (targets: SampleTargets): Asked => {
  const index = targets.map((target) => (typeof target === "number" ? [target] : target));
  if (index.length > 0 && index.every((one) => one.length === index[0]!.length)) return { kind: "each", index };
  throw fail("BadTarget", { what: `targets ${JSON.stringify(targets)}`, fix: "give one index, or as many for each sample" });
};

/**
 * Indices by sample, one for each axis after the batch. A model with one logit has the classes 0 and 1; `logits` are those of the
 * samples. Errors: BadTarget.
 */
export const classTargets = (target: Asked, logits: FloatTensor): readonly (readonly number[])[] => {
  const [samples = 1, ...axes] = logits.dims;
  const width = logits.data.length / samples;
  switch (target.kind) {
    case "index":
      checkIndex(target.index, axes);
      return Array.from({ length: samples }, () => target.index);
    case "each":
      if (target.index.length !== samples && target.index.length !== 1)
        throw fail("BadTarget", { what: `${target.index.length} classes for ${samples} samples`, fix: "give one for each" });
      for (const index of target.index) checkIndex(index, axes);
      return Array.from({ length: samples }, (_, n) => target.index[n] ?? target.index[0]!);
    case "argmax":
      return Array.from({ length: samples }, (_, n) => winnerOf(logits.data.subarray(n * width, (n + 1) * width), axes));
    default:
      throw fail("BadTarget", {
        what: "several classes at once",
        why: "this method explains one class a run",
        fix: "name one class, or top",
      });
  }
};

/** Rounds of one class a sample: K of them with top:K. Errors: BadTarget. */
export const classRounds = (target: Asked, logits: FloatTensor): readonly (readonly (readonly number[])[])[] => {
  if (target.kind !== "top") return [classTargets(target, logits)];
  const [samples = 1, ...axes] = logits.dims;
  const width = logits.data.length / samples;
  const classes = Math.max(2, width); // a single logit has two
  if (axes.filter((n) => n > 1).length > 1 || target.k > classes)
    throw fail("BadTarget", {
      what: `target top:${target.k}`,
      why: target.k > classes ? `the model has ${classes} classes` : `the output has ${axes.length} axes after the batch`,
      fix: target.k > classes ? `ask for at most ${classes}` : "give one index for each: i,j",
    });
  const ranked = Array.from({ length: samples }, (_, n) => ranking(logits.data.subarray(n * width, (n + 1) * width), axes));
  return Array.from({ length: target.k }, (_, k) => ranked.map((order) => order[k]!));
};

/** All classes, the largest logit first, the first on ties. */
const ranking = (z: Float32Array, axes: Shape): readonly (readonly number[])[] => {
  if (z.length === 1) return z[0]! > 0 ? [[1], [0]] : [[0], [1]];
  const order = Array.from(z.keys()).sort((a, b) => z[b]! - z[a]! || a - b);
  return order.map((i) => axes.map((n) => (n === z.length ? i : 0)));
};

/** A fed index is not checked by the graph: a class that does not exist would give a map of zeros. */
export const checkIndex = (index: readonly number[], axes: Shape): void => {
  const binary = axes.every((n) => n === 1);
  const sizes = binary ? [2] : axes;
  if (index.length !== sizes.length)
    throw fail("BadTarget", {
      what: `target ${index.join(",")}`,
      why: `the output has ${sizes.length} axes after the batch`,
      fix: "give one index for each: i,j",
    });
  index.forEach((i, axis) => {
    const size = sizes[axis] ?? null;
    if (!Number.isInteger(i) || i < 0 || (size !== null && i >= size))
      throw fail("BadTarget", {
        what: `target ${i}`,
        why: `classes run from 0 to ${size === null ? "the size of the output" : size - 1}`,
      });
  });
};
