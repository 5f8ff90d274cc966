/**
 * Where relevance starts. z the logits along the class axis, e_t the target's unit vector, v = ∂(explained score)/∂z:
 *
 *   one, logit      e_t
 *   log-odds        e_t − q, q the softmax over the other classes (q_t = 0): the lead log p_t/(1 − p_t)
 *   half-log-odds   e_t − q/2; with two classes, and for one logit, the same as log-odds
 *   contrastive     e_t − mean of the others' e (or minus one class's)
 *   A minus B       e_A − e_B
 *
 * Independent labels, regressions and coordinates have e_t, distances −e_t. Where probabilities are mixed behind their softmax the
 * start is p itself and v = ∂ log p_t/(1 − p_t)/∂p, 1 − p_t as the sum of the others.
 *
 * A model with one logit z has two classes: f = z for class 1 and −z for class 0.
 */
import { flowOf } from "../compiled/index.ts";
import type { Builder } from "../graph/builder.ts";
import type { ResolvedRecipe } from "../plan/index.ts";
import { usualStart } from "../plan/recipe.ts";
import { probabilityMultipliers } from "./deeplift-head.ts";
import { type Flow, full, pair } from "./flow.ts";
import type { Logits } from "./logits.ts";
import { mixtureScore, mixtureSlope } from "./mixture.ts";
import { atPosition } from "./position.ts";

/** What is explained of each sample. */
export interface Explained {
  /** e_t, [N, values]; for one logit that stands for two classes ±1, [N, 1]. */
  readonly onehot: string;
  /** The same of a class to contrast with: B in `A minus B`. */
  readonly against?: string;
}

/** Relevance at the start value. With start \`direct\` it is v itself, which the tail hands on to the head. */
export const seedFlow = (g: Builder, recipe: ResolvedRecipe, logits: Logits, explained: Explained): Flow => {
  const { unflatten, start, reading } = logits;
  const direction = cotangent(g, recipe, logits, explained);
  if (flowOf(recipe) !== "relevance" || recipe.start === "direct") return full(unflatten(direction));
  if (recipe.start === undefined && recipe.score === "probability" && recipe.seed === "one")
    return pair(start, unflatten(g.div(direction, probabilityOf(g, logits, explained.onehot))));
  if ((recipe.start ?? usualStart(recipe.seed)) === "plain") {
    // Of one logit that stands for two classes both are explained by what speaks for them: R = 1.
    const { onehot } = explained;
    return full(unflatten(reading.twoClasses ? g.mul(onehot, onehot) : direction));
  }
  return pair(start, unflatten(direction));
};

/**
 * The explained score at the input and at DeepLIFT's reference, [N, 2]: ΣR is the first less the second. Undefined where what is explained
 * is no difference of two numbers.
 */
export const scoresAt = (g: Builder, recipe: ResolvedRecipe, logits: Logits, explained: Explained): string | undefined => {
  const { flat, twin, reading } = logits;
  const probability = recipe.score === "probability";
  if (twin === undefined || recipe.seed === "vector") return undefined;
  const mixed = reading.link.kind === "mixture" && !probability && !isShare(recipe, logits);
  const v = probability || mixed ? undefined : cotangent(g, recipe, logits, explained);
  const { onehot, against } = explained;
  const at = (value: string): string => {
    if (v !== undefined) return g.reduceSum(g.mul(v, value), [-1]);
    if (mixed) return mixtureScore(g, { ...logits, flat: value }, onehot, reading.twoClasses ? undefined : against);
    const of = (e: string) => probabilityOf(g, { ...logits, flat: value }, e);
    return against === undefined ? of(onehot) : g.sub(of(onehot), of(against));
  };
  return g.op(
    "Concat",
    [flat, twin].map((value) => g.op("Reshape", [at(value), g.ints([-1, 1])])),
    { axis: 1 },
  );
};

/** v, shaped like the flat rows. */
export const cotangent = (g: Builder, recipe: ResolvedRecipe, logits: Logits, { onehot, against }: Explained): string => {
  const { reading } = logits;
  if (flowOf(recipe) === "shapley") {
    // The sum over the trees itself: votes are no link to be differentiated, and a probability is counted row by row.
    const v = against === undefined || reading.twoClasses ? onehot : g.sub(onehot, against);
    if (recipe.seed === "contrastive" && !reading.twoClasses) return contrastive(g, logits, onehot);
    return reading.sign < 0 ? g.op("Neg", [v]) : v;
  }
  if (recipe.score === "probability") {
    const of = (e: string) => (logits.twin === undefined ? probabilitySlope(g, logits, e) : probabilityMultipliers(g, logits, e));
    return against === undefined ? of(onehot) : g.sub(of(onehot), of(against));
  }
  const rival = reading.twoClasses ? undefined : against; // their one logit is the lead
  if (isShare(recipe, logits)) return rival === undefined ? onehot : g.sub(onehot, rival);
  if (reading.link.kind === "mixture") return mixtureSlope(g, logits, onehot, rival);
  if (rival !== undefined) return reading.sign < 0 ? g.sub(rival, onehot) : g.sub(onehot, rival);
  if (reading.sign < 0) return g.op("Neg", [onehot]);
  if (reading.twoClasses || reading.link.kind === "sigmoid" || logits.classes === 1) return onehot;
  if (recipe.seed === "log-odds") return g.sub(onehot, others(g, logits, onehot));
  if (recipe.seed === "half-log-odds") return g.sub(onehot, g.mul(others(g, logits, onehot), halfOf(g, logits)));
  return recipe.seed === "contrastive" ? contrastive(g, logits, onehot) : onehot;
};

/** Votes have no logits: what their slope or difference explains is the share itself, as scores are read (oracle/score.ts). */
const isShare = (recipe: ResolvedRecipe, { reading }: Logits): boolean =>
  reading.link.votes === true &&
  flowOf(recipe) !== "relevance" &&
  recipe.score !== "probability" &&
  (recipe.seed === "logit" || recipe.seed === "one" || typeof recipe.seed === "object"); // A minus B

/** q: the softmax over the other classes at the target's position. */
const others = (g: Builder, logits: Logits, onehot: string): string => {
  const { flat, alongClasses } = logits;
  const masked = g.sub(flat, g.mul(onehot, g.floats(1e30)));
  return atPosition(
    g,
    logits,
    onehot,
    alongClasses(masked, (z, axis) => g.op("Softmax", [z], { axis })),
  );
};

/** ½, or 1 for two classes: then A's map is the negative of B's. */
const halfOf = (g: Builder, { classes, alongClasses, flat }: Logits): string => {
  if (classes !== null) return g.floats(classes === 2 ? 1 : 0.5);
  let two = "";
  alongClasses(flat, (z, axis) => {
    two = g.mask(g.op("Equal", [g.op("Gather", [g.op("Shape", [z]), g.ints(axis)]), g.ints(2)]));
    return z;
  });
  return g.add(g.scale(two, 0.5), g.floats(0.5));
};

/** e − (1 − e)/(C − 1) at the target's position. */
const contrastive = (g: Builder, logits: Logits, onehot: string): string =>
  atPosition(
    g,
    logits,
    onehot,
    logits.alongClasses(onehot, (e, axis) => {
      const one = g.floats(1);
      const count =
        logits.classes === null
          ? g.op("Cast", [g.op("Gather", [g.op("Shape", [e]), g.ints(axis)])], { to: 1 })
          : g.floats(logits.classes);
      const share = g.div(one, g.sub(count, one));
      return g.sub(g.mul(e, g.add(one, share)), share);
    }),
  );

/** ∂p_t/∂z = p_t (e_t − p) along the class axis, p_t (1 − p_t) e_t for independent labels. */
const probabilitySlope = (g: Builder, logits: Logits, onehot: string): string => {
  const { flat, reading, alongClasses, classes } = logits;
  const { link } = reading;
  if (link.kind === "mixture") return link.log ? g.mul(onehot, g.op("Exp", [flat])) : onehot;
  const one = g.floats(1);
  if (reading.twoClasses || link.kind === "sigmoid" || classes === 1) {
    const p = g.op("Sigmoid", [flat]);
    return g.mul(onehot, g.mul(p, g.sub(one, p)));
  }
  return atPosition(
    g,
    logits,
    onehot,
    alongClasses(flat, (z, axis) => {
      const p = g.op("Softmax", [z], { axis });
      const e = g.op("Reshape", [onehot, g.op("Shape", [z])]);
      return g.mul(g.reduceSum(g.mul(p, e), [axis]), g.sub(e, p));
    }),
  );
};

/** The target's probability, [N, 1]. */
const probabilityOf = (g: Builder, logits: Logits, onehot: string): string => {
  const { flat, reading, alongClasses, classes } = logits;
  const { kind, log } = reading.link;
  const mixed = log ? g.op("Exp", [flat]) : flat;
  if (reading.twoClasses)
    return kind !== "mixture"
      ? g.op("Sigmoid", [g.mul(flat, onehot)])
      : g.add(g.mul(g.sub(mixed, g.floats(0.5)), onehot), g.floats(0.5)); // p, or 1 − p
  const p =
    kind === "mixture"
      ? mixed
      : kind === "sigmoid" || classes === 1
        ? g.op("Sigmoid", [flat])
        : alongClasses(flat, (z, axis) => g.op("Softmax", [z], { axis }));
  return g.reduceSum(g.mul(p, onehot), [-1]);
};
