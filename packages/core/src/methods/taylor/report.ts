/**
 * What Deep Taylor promises of its maps and neurons (Montavon et al. 2017), as numbers that can be looked at.
 *
 * A heatmap is conservative if ΣR = f(x), positive if R ≥ 0, consistent if both (definitions 1 to 3).
 *
 * A first-layer neuron f = max(0, w·x + b) is expanded at a root x̃ on a line from x (sec. 4; z = w·x + b):
 *   real numbers   w²    x̃ = x − w z / ‖w‖²                                        the nearest root
 *   x ≥ 0          z⁺    x̃ = x − t x ⊙ 1[w > 0],             t = z / (x·w⁺)         on the line to x ⊙ 1[w ≤ 0]
 *   low ≤ x ≤ high z^B   x̃ = x − t (x − low 1[w > 0] − high 1[w < 0]),  t = z / (x·w − low·w⁺ − high·w⁻)
 * Inputs with w = 0 stay where they are. Relevance is w ⊙ (x − x̃): the rule of that name.
 */
import { type FloatTensor, sampleOf } from "../../tensor/float.ts";

export interface Consistency {
  readonly samples: readonly {
    readonly score: number;
    readonly sum: number;
    /** |ΣR − f| / |f|: 0 is conservative. */
    readonly gap: number;
    /** ΣR⁺ / Σ|R|: 1 is positive. */
    readonly positivity: number;
  }[];
  /** Means over the samples. */
  readonly gap: number;
  readonly positivity: number;
  readonly conservative: boolean;
  readonly positive: boolean;
  readonly consistent: boolean;
}

/** The consistency of a batch of maps with the scores they explain. `tolerance`: largest gap, and share of negative relevance, that counts as none. */
export const consistencyOf = (relevance: FloatTensor, scores: readonly number[], tolerance = 1e-3): Consistency => {
  const samples = scores.map((score, n) => {
    let [sum, positive, size] = [0, 0, 0];
    for (const r of sampleOf(relevance, n)) [sum, positive, size] = [sum + r, positive + Math.max(0, r), size + Math.abs(r)];
    const gap = Math.abs(sum - score) / Math.abs(score || 1);
    return { score, sum, gap, positivity: size === 0 ? 1 : positive / size };
  });
  const mean = (of: (sample: (typeof samples)[number]) => number) => samples.reduce((a, s) => a + of(s), 0) / samples.length;
  const conservative = samples.every(({ gap }) => gap <= tolerance);
  const positive = samples.every(({ positivity }) => 1 - positivity <= tolerance);
  return {
    samples,
    gap: mean((s) => s.gap),
    positivity: mean((s) => s.positivity),
    conservative,
    positive,
    consistent: conservative && positive,
  };
};

export type Domain =
  | { readonly kind: "real" }
  | { readonly kind: "nonnegative" }
  /** One bound for each input. */
  | { readonly kind: "box"; readonly low: ArrayLike<number>; readonly high: ArrayLike<number> };

export interface RootPoint {
  /** w·x + b. */
  readonly z: number;
  /** x̃; x itself where the neuron is off (z ≤ 0), which has nothing to hand on, and where its line has no root. */
  readonly root: Float32Array;
  /** w·x̃ + b. */
  readonly atRoot: number;
  readonly found: boolean;
  /** ‖x − x̃‖. */
  readonly distance: number;
  /** Whether x̃ lies in the domain. */
  readonly inside: boolean;
  /** w ⊙ (x − x̃). */
  readonly relevance: Float32Array;
}

/** The root point of a neuron with weights w and bias b, by the formula of its input's domain. */
export const rootPoint = (x: ArrayLike<number>, w: ArrayLike<number>, b: number, domain: Domain): RootPoint => {
  const direction = Float64Array.from(w, (wi, i) => directionOf(x[i]!, wi, i, domain));
  const along = dot(w, direction);
  const z = dot(w, x) + b;
  const off = z <= 0;
  const t = off || along === 0 ? 0 : z / along;
  const root = Float32Array.from(x, (v, i) => v - t * direction[i]!);
  const atRoot =
    off || along === 0
      ? z
      : dot(
          w,
          Float64Array.from(x, (v, i) => v - t * direction[i]!),
        ) + b;
  return {
    z,
    root,
    atRoot,
    found: off || along !== 0,
    distance: Math.abs(t) * Math.sqrt(dot(direction, direction)),
    inside: root.every((v, i) => isInside(v, i, domain)),
    relevance: Float32Array.from(w, (wi, i) => wi * t * direction[i]!),
  };
};

/** x − x̃ is a multiple of this. */
const directionOf = (x: number, w: number, i: number, domain: Domain): number => {
  if (domain.kind === "real") return w;
  if (domain.kind === "nonnegative") return w > 0 ? x : 0;
  return w > 0 ? x - domain.low[i]! : w < 0 ? x - domain.high[i]! : 0;
};

/** Up to rounding. */
const isInside = (v: number, i: number, domain: Domain): boolean => {
  if (domain.kind === "real") return true;
  const [low, high] = domain.kind === "box" ? [domain.low[i]!, domain.high[i]!] : [0, Number.POSITIVE_INFINITY];
  const slack = 1e-6 * Math.max(1, Math.abs(low), Number.isFinite(high) ? Math.abs(high) : 1);
  return v >= low - slack && v <= high + slack;
};

const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
};
