/**
 * Where relevance starts. With z the logits, e_t the target's unit vector:
 *
 *   one         R = e_t
 *   logit       R = e_t ⊙ z
 *   log-odds    R = v ⊙ z, v = e_t − q, q the softmax over the other classes (q_t = 0): the lead log p_t/(1 − p_t)
 *   contrastive R = v ⊙ z, v = e_t − mean of the others' e (or minus one class's)
 *
 * Methods that are gradients start from v itself. The probability p_t is taken by its derivative p_t (e_t − p), or p_t (1 − p_t) e_t
 * where the model's head is a sigmoid: its classes are independent.
 * A model with one logit z has two classes: f = z for class 1 and −z for class 0.
 */
import type { Builder } from "../graph/builder.ts";
import type { ResolvedRecipe } from "../plan/index.ts";
import { probabilityMultipliers } from "./deeplift-head.ts";
import { type Flow, full, pair } from "./flow.ts";

export interface Logits {
  /** [N, classes], or [N, 1] for a model with one logit. */
  readonly flat: string;
  readonly classes: number | null;
  readonly binary: boolean;
  /** Gives a value shaped like `flat` the shape of the start value. */
  unflatten(value: string): string;
  readonly start: string;
  /** `flat` at the reference, for DeepLIFT. */
  readonly twin?: string;
  /** What makes probabilities of them; softmax where nothing is said. */
  readonly head?: "none" | "softmax" | "sigmoid";
}

/** `onehot` is e_t, [N, classes]; for one logit ±1, [N, 1]. `contrast`: one-hot of the class to contrast with. */
export const seedFlow = (g: Builder, recipe: ResolvedRecipe, logits: Logits, onehot: string, contrast?: string): Flow => {
  const { unflatten, start } = logits;
  const isLrp = recipe.method === "lrp";
  const direction = cotangent(g, recipe, logits, onehot, contrast);
  if (!isLrp) return full(unflatten(direction));
  const plainOne = recipe.seed === "one" && recipe.score === "logit";
  if (plainOne) return full(unflatten(logits.binary ? g.mul(onehot, onehot) : onehot));
  if (recipe.score === "probability" && recipe.seed !== "logit")
    return pair(start, unflatten(relativeToScore(g, logits, direction, onehot, recipe)));
  return pair(start, unflatten(direction));
};

/** v, so that the explained score changes by v · dz. */
const cotangent = (g: Builder, recipe: ResolvedRecipe, logits: Logits, onehot: string, contrast: string | undefined): string => {
  const { flat, classes, binary, head, twin } = logits;
  const one = g.floats(1);
  if (recipe.score === "probability") {
    if (twin !== undefined) return probabilityMultipliers(g, logits, twin, onehot);
    if (binary || head === "sigmoid") {
      const p = g.op("Sigmoid", [flat]);
      return g.mul(onehot, g.mul(p, g.sub(one, p)));
    }
    const p = g.op("Softmax", [flat], { axis: -1 });
    const score = g.reduceSum(g.mul(p, onehot), [-1]);
    return g.mul(score, g.sub(onehot, p));
  }
  if (binary) return onehot;
  if (recipe.seed === "log-odds") {
    const others = g.op("Softmax", [g.sub(flat, g.mul(onehot, g.floats(1e30)))], { axis: -1 });
    return g.sub(onehot, others);
  }
  if (contrast !== undefined) return g.sub(onehot, contrast);
  if (recipe.seed === "contrastive") {
    const count = classes === null ? g.op("Cast", [g.op("Shape", [flat], { start: 1 })], { to: 1 }) : g.floats(classes);
    const share = g.div(one, g.sub(count, one));
    // e − (1 − e)/(C − 1)
    return g.sub(g.mul(onehot, g.add(one, share)), share);
  }
  return onehot;
};

/** Seed `one` on a probability: the same direction, for a score of 1. */
const relativeToScore = (
  g: Builder,
  { flat, binary, head }: Logits,
  direction: string,
  onehot: string,
  recipe: ResolvedRecipe,
): string => {
  if (recipe.seed !== "one") return direction;
  const p = binary
    ? g.op("Sigmoid", [g.mul(flat, onehot)])
    : g.reduceSum(g.mul(head === "sigmoid" ? g.op("Sigmoid", [flat]) : g.op("Softmax", [flat], { axis: -1 }), onehot), [-1]);
  return g.div(direction, p);
};
