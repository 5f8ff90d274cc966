/**
 * What is explained of one sample, where that is more than a class of the whole output: places among the explained values, each with its
 * weight. They are found once, from the sample as it is, and stay when its values move: a region's pixels, a box's anchor, a token.
 */
import { classesOf, leadOver, type Score, type Scoring, scoresOf } from "./score.ts";

/** One of the places. */
export interface Place {
  /** Position among all explained values of the sample. */
  readonly at: number;
  readonly weight: number;
  /** Position of the class that is taken off: B of `A minus B`. */
  readonly against?: number;
  /** One logit for two classes: the negative one, −z. */
  readonly turned?: true;
}

/** An explained score: the weighted sum over places. */
export interface Aim {
  readonly places: readonly Place[];
  /** `class`: what the score or seed makes of a class among its rivals; `log-probability`: log p, whatever the seed; `value`: the number itself; `odds`: log p/(1 − p) of a number that is a probability. */
  readonly of: "class" | "log-probability" | "value" | "odds";
  /** What it is, for people: `region:cat`, `box:0 (cat)`. */
  readonly name: string;
  /** What was found, as plain data: pixels, a box's coordinates, a position. */
  readonly found?: Readonly<Record<string, unknown>>;
  /** Where it stands in a picture: positions of the output's grid, counted row by row. */
  readonly area?: { readonly height: number; readonly width: number; readonly positions: readonly number[] };
  /** What else there is at its place, best first, this one among them: other classes, other detections. */
  readonly beside?: readonly Beside[];
}

/** One of several things that could be explained in each other's place. */
export interface Beside {
  readonly name: string;
  /** The words that ask for it, where its name does not: `box:1`, `cat@position:4`. */
  readonly target?: string;
  /** Of a detection: x1, y1, x2, y2 as the model counts them. */
  readonly box?: readonly [number, number, number, number];
  /** Absent where the model does not say that its numbers are those of classes. */
  readonly probability?: number;
  readonly value?: number;
  /** What the value is, where that is no number of the output itself: `mean log-odds of 184 pixels`. */
  readonly unit?: string;
  /** The one that is explained. */
  readonly own?: true;
}

/** The explained score of a sample's `values`, of the given `sizes` after the batch. */
export const aimScore = (values: Float32Array, sizes: readonly number[], aim: Aim, score: Score, scoring: Scoring): number => {
  let sum = 0;
  for (const { at, weight, against, turned } of aim.places) {
    const of = against === undefined ? scoresOf : leadOver([against]);
    if (aim.of === "value") sum += weight * values[at]!;
    else if (aim.of === "odds") sum += weight * (score === "probability" ? values[at]! : oddsOf(values[at]!));
    else if (aim.of === "log-probability") sum += weight * logProbability(values, sizes, at, scoring);
    else if (scoring.twoClasses) sum += weight * scoresOf(values, sizes, [turned ? 0 : 1], score, scoring);
    else {
      const own = of(values, sizes, [at], score, scoring);
      sum += weight * (turned ? (score === "probability" ? 1 - own : -own) : own);
    }
  }
  return sum;
};

/** log p/(1 − p), finite where p is 0 or 1 in float32. */
const oddsOf = (p: number): number => Math.log(Math.max(p, LEAST)) - Math.log(Math.max(1 - p, LEAST));

/** Nearer to 0 or 1 a probability is not told from them. */
export const LEAST = 1e-7;

/** log p_t of a softmax along the class axis, or of its own sigmoid. */
const logProbability = (values: Float32Array, sizes: readonly number[], at: number, scoring: Scoring): number => {
  const p = scoresOf(values, sizes, [at], "probability", scoring);
  if (scoring.link === "mixture") return Math.log(Math.max(p, 1e-38));
  const lead = scoresOf(values, sizes, [at], "log-odds", scoring); // log p/(1 − p), exact where p is small
  return lead > 0 ? -Math.log1p(Math.exp(-lead)) : lead - Math.log1p(Math.exp(lead));
};

/** A direction's place, with the classes at its position. */
export interface Rivals {
  readonly from: number;
  readonly step: number;
  readonly count: number;
}

/** The classes that compete at a place; undefined where none do. */
export const rivalsAt = (sizes: readonly number[], at: number, scoring: Scoring): Rivals | undefined =>
  scoring.twoClasses || scoring.link === "sigmoid" ? undefined : classesOf(sizes, at, scoring);

/** Position of a class where another one of the same position stands. */
export const classAt = (rivals: Rivals, index: number): number => rivals.from + index * rivals.step;

/** The same places, each with the class that wins there beside the aim's own; values without rivals stay. */
export const runnerUpAim = (values: Float32Array, sizes: readonly number[], aim: Aim, scoring: Scoring): Aim => ({
  ...aim,
  places: aim.places.map(({ at, weight, turned }) => {
    const rivals = aim.of === "class" ? rivalsAt(sizes, at, scoring) : undefined;
    if (rivals === undefined) return { at, weight, ...(turned ? {} : { turned: true }) };
    let best = -1;
    for (let k = 0, i = rivals.from; k < rivals.count; k++, i += rivals.step)
      if (i !== at && (best < 0 || scoring.sign * values[i]! > scoring.sign * values[best]!)) best = i;
    return { at: best, weight };
  }),
});
