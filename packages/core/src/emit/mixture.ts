/**
 * The explained score where probabilities are mixed behind their softmax: log p_t/(1 − p_t) of the model's own p, 1 − p_t as the sum of the
 * others; of `A minus B` log p_A − log p_B. DeepLIFT's multipliers are the same formulas with chords in the place of slopes,
 *
 *   1/p → 1/Λ(p, p′),   Λ(a, b) = (a − b)/(log a − log b)
 *
 * so that Σ v Δp is the difference of the scores.
 */
import type { Builder } from "../graph/builder.ts";
import type { Logits } from "./logits.ts";
import { atPosition } from "./position.ts";
import { logOfMean } from "./secant.ts";

const TINY = 1e-37;

/** ∂ score/∂p, or its multipliers where there is a reference: 1/p_t at the target, −1/Σ at the others; of labels of their own 1/p_t + 1/(1 − p_t). */
export const mixtureSlope = (g: Builder, logits: Logits, onehot: string, against?: string): string => {
  const { flat, twin, reading, classes } = logits;
  const { log } = reading.link;
  const one = g.floats(1);
  const [p, p2] = [probabilities(g, logits, flat), twin && probabilities(g, logits, twin)];
  /** 1 over what is made of the probabilities, at both ends where there are two. */
  const inverse = (made: (value: string) => string) =>
    p2 === undefined ? g.div(one, g.atLeast(made(p), TINY)) : g.op("Exp", [g.op("Neg", [meanOf(g, made(p), made(p2))])]);
  /** ∂p/∂ the values themselves, where they are logarithms. */
  const byValues = (slope: string) => {
    if (!log) return slope;
    return g.mul(slope, twin === undefined ? p : g.op("Exp", [logOfMean({ g }, flat, twin)]));
  };
  const own = (e: string) => (value: string) => shareOf(g, value, e);
  if (against !== undefined) return byValues(g.sub(g.mul(onehot, inverse(own(onehot))), g.mul(against, inverse(own(against)))));
  if (!reading.link.exclusive || classes === 1) {
    const target = reading.twoClasses ? (value: string) => value : own(onehot);
    return byValues(
      g.mul(
        onehot,
        g.add(
          inverse(target),
          inverse((value) => g.sub(one, target(value))),
        ),
      ),
    );
  }
  const others = atPosition(
    g,
    logits,
    onehot,
    inverse((value) => restOf(g, logits, value, onehot)),
  );
  return byValues(g.sub(g.mul(onehot, inverse(own(onehot))), g.mul(g.sub(one, onehot), others)));
};

const probabilities = (g: Builder, { reading }: Logits, value: string): string =>
  reading.link.log ? g.op("Exp", [value]) : value;

/** The probability of what a row of zeros and ones names, [N, 1]. */
const shareOf = (g: Builder, p: string, onehot: string): string => g.reduceSum(g.mul(p, onehot), [-1]);

/** What the others at each position have together, in every place there. */
const restOf = (g: Builder, { alongClasses }: Logits, p: string, onehot: string): string =>
  alongClasses(g.mul(p, g.sub(g.floats(1), onehot)), (r, axis) => g.op("Expand", [g.reduceSum(r, [axis]), g.op("Shape", [r])]));

/** The score itself, [N, 1]. */
export const mixtureScore = (g: Builder, logits: Logits, onehot: string, against?: string): string => {
  const { flat, reading, classes } = logits;
  const { exclusive } = reading.link;
  const one = g.floats(1);
  const p = probabilities(g, logits, flat);
  const logOf = (value: string) => g.op("Log", [g.atLeast(value, TINY)]);
  const own = (e: string) => shareOf(g, p, e);
  if (against !== undefined) return g.sub(logOf(own(onehot)), logOf(own(against)));
  if (reading.twoClasses) return g.mul(onehot, g.sub(logOf(p), logOf(g.sub(one, p))));
  const rest =
    exclusive && classes !== 1 ? g.reduceSum(g.mul(restOf(g, logits, p, onehot), onehot), [-1]) : g.sub(one, own(onehot));
  return g.sub(logOf(own(onehot)), logOf(rest));
};

/** log Λ(a, b) */
const meanOf = (g: Builder, a: string, b: string): string => {
  const [u, v] = [a, b].map((value) => g.op("Log", [g.atLeast(value, TINY)])) as [string, string];
  return logOfMean({ g }, u, v);
};
