/** v = ∂(explained score)/∂z of an aim, with the formulas that a class's seed has (emit/seed), summed over its places. */
import { type Aim, LEAST, type Place, type Rivals, rivalsAt } from "./aim.ts";
import type { Score, Scoring } from "./score.ts";

/** What of a class is explained: a seed, or its probability. */
export type Slope = "one" | "logit" | "log-odds" | "half-log-odds" | "contrastive" | "probability";

const TINY = 1e-37;

/** v, one number for each of the sample's `values`. */
export const aimDirection = (
  values: Float32Array,
  sizes: readonly number[],
  aim: Aim,
  slope: Slope,
  scoring: Scoring,
): Float32Array => {
  const v = new Float64Array(values.length);
  const given: Given = { values, sizes, scoring, v };
  for (const place of aim.places) {
    if (aim.of === "value" || (aim.of === "odds" && slope === "probability")) v[place.at]! += place.weight;
    else if (aim.of === "odds") v[place.at]! += place.weight * oddsSlope(values[place.at]!);
    else if (aim.of === "log-probability") logProbability(given, place);
    else if (scoring.link === "mixture") mixture(given, place, slope);
    else if (slope === "probability") probability(given, place);
    else logit(given, place, slope);
  }
  return Float32Array.from(v);
};

/** ∂ log p/(1 − p) / ∂p: what the sigmoid behind p is multiplied by gives the slope at its logit, 1. */
const oddsSlope = (p: number): number => 1 / (Math.max(p, LEAST) * Math.max(1 - p, LEAST));

interface Given {
  readonly values: Float32Array;
  readonly sizes: readonly number[];
  readonly scoring: Scoring;
  /** Where v is gathered. */
  readonly v: Float64Array;
}

const logit = ({ values, sizes, scoring, v }: Given, { at, weight, against, turned }: Place, slope: Slope): void => {
  const w = weight * scoring.sign * (turned ? -1 : 1);
  v[at]! += w;
  if (against !== undefined) v[against]! -= w;
  const rivals = against === undefined && scoring.sign > 0 ? rivalsAt(sizes, at, scoring) : undefined;
  if (rivals === undefined || slope === "one" || slope === "logit") return;
  if (slope === "contrastive") {
    each(rivals, (i) => {
      if (i !== at) v[i]! -= w / (rivals.count - 1);
    });
    return;
  }
  const share = slope === "half-log-odds" && rivals.count > 2 ? w / 2 : w;
  const q = softmax(values, rivals, at);
  each(rivals, (i, k) => {
    v[i]! -= share * q[k]!;
  });
};

/** p_t (e_t − p), or p (1 − p) of labels of their own. */
const probability = (given: Given, place: Place): void => {
  const { values, sizes, scoring, v } = given;
  const { at, weight, against, turned } = place;
  const rivals = rivalsAt(sizes, at, scoring);
  if (rivals === undefined) {
    const one = (i: number, w: number) => {
      const p = 1 / (1 + Math.exp(-values[i]!));
      v[i]! += w * p * (1 - p);
    };
    one(at, turned ? -weight : weight);
    if (against !== undefined) one(against, -weight);
    return;
  }
  const p = softmax(values, rivals);
  const one = (index: number, w: number) => {
    const own = p[(index - rivals.from) / rivals.step]!;
    each(rivals, (i, k) => {
      v[i]! += w * own * (Number(i === index) - p[k]!);
    });
  };
  one(at, weight);
  if (against !== undefined) one(against, -weight);
};

/** e_t − p, or 1 − p of a label of its own. */
const logProbability = (given: Given, { at, weight }: Place): void => {
  const { values, sizes, scoring, v } = given;
  if (scoring.link === "mixture") {
    v[at]! += scoring.log ? weight : weight / Math.max(values[at]!, TINY);
    return;
  }
  const rivals = rivalsAt(sizes, at, scoring);
  if (rivals === undefined) {
    v[at]! += weight / (1 + Math.exp(values[at]!));
    return;
  }
  v[at]! += weight;
  const p = softmax(values, rivals);
  each(rivals, (i, k) => {
    v[i]! -= weight * p[k]!;
  });
};

/** ∂ log p_t/(1 − p_t) / ∂p, or that of log p_A − log p_B, or of p itself; by log p where the values are logarithms. */
const mixture = ({ values, sizes, scoring, v }: Given, { at, weight, against, turned }: Place, slope: Slope): void => {
  const w = turned ? -weight : weight;
  const p = (i: number) => (scoring.log ? Math.exp(values[i]!) : values[i]!);
  const inverse = (x: number) => 1 / Math.max(x, TINY);
  const add = (i: number, byP: number) => {
    v[i]! += scoring.log ? byP * p(i) : byP;
  };
  if (slope === "probability") {
    add(at, w);
    if (against !== undefined) add(against, -w);
    return;
  }
  if (against !== undefined) {
    add(at, w * inverse(p(at)));
    add(against, -w * inverse(p(against)));
    return;
  }
  const rivals = scoring.exclusive ? rivalsAt(sizes, at, scoring) : undefined;
  add(at, w * inverse(p(at)));
  if (rivals === undefined) {
    add(at, w * inverse(1 - p(at)));
    return;
  }
  let rest = 0;
  each(rivals, (i) => {
    if (i !== at) rest += p(i);
  });
  each(rivals, (i) => {
    if (i !== at) add(i, -w * inverse(rest));
  });
};

const each = ({ from, step, count }: Rivals, visit: (i: number, k: number) => void): void => {
  for (let k = 0, i = from; k < count; k++, i += step) visit(i, k);
};

/** Over the classes of a position; 0 at the one left out. */
const softmax = (values: Float32Array, rivals: Rivals, out?: number): Float64Array => {
  let peak = Number.NEGATIVE_INFINITY;
  each(rivals, (i) => {
    if (i !== out && values[i]! > peak) peak = values[i]!;
  });
  const e = new Float64Array(rivals.count);
  let sum = 0;
  each(rivals, (i, k) => {
    e[k] = i === out ? 0 : Math.exp(values[i]! - peak);
    sum += e[k]!;
  });
  return e.map((one) => one / sum);
};

/** Whether v hangs on where the sample is: a logit's slope is the same everywhere. */
export const isSteady = (aim: Aim, score: Score, scoring: Scoring): boolean =>
  aim.of === "value" || (aim.of === "class" && score === "logit" && scoring.link !== "mixture");
