/**
 * Rules a second time: textbook formulas on a layer's dense matrix W [inputs, outputs], loops in float64.
 *
 *   c_ij = x_i w_ij,  z_j = Σ_i c_ij + b_j,  R_i = Σ_j (n_ij / stab(d_j)) R_j
 *
 * with numerator n and denominator d of each rule as its paper writes them. `zbox` measures from the corner of the box,
 * `wsquare` and `flat` replace x w by w² and by 1 where a weight exists.
 */
import type { RuleSpec } from "../../src/rules/index.ts";

export interface Dense {
  /** w[i][j]; exactly 0 where input i does not reach output j. */
  readonly w: readonly (readonly number[])[];
  readonly b: readonly number[];
}

export const stab = (z: number, epsilon: number): number => (z >= 0 ? z + epsilon : z - epsilon);
const pos = (v: number) => Math.max(v, 0);
const neg = (v: number) => Math.min(v, 0);

export const forward = ({ w, b }: Dense, x: readonly number[]): number[] =>
  b.map((bias, j) => x.reduce((z, v, i) => z + v * w[i]![j]!, bias));

/** One share of relevance at output j: numerators, their bias, factor, and whether it applies. */
interface Share {
  readonly factor: number;
  numerator(i: number): number;
  readonly bias: number;
  readonly epsilon?: number;
}

/** A bound per input value: `zbox` with one number, or one per channel (already spread over the inputs). */
const at = (bound: unknown, i: number): number => (typeof bound === "number" ? bound : (bound as readonly number[])[i]!);

const shares = (rule: RuleSpec, { w, b }: Dense, x: readonly number[], j: number): readonly Share[] => {
  const c = (i: number) => x[i]! * w[i]![j]!;
  const bias = rule.zero_params === "bias" ? 0 : b[j]!;
  const z = forward({ w, b }, x)[j]!;
  switch (rule.name) {
    case "epsilon":
      return [{ factor: 1, numerator: c, bias, epsilon: rule.epsilon as number }];
    case "norm":
      return [{ factor: 1, numerator: c, bias }];
    case "zplus":
      return [{ factor: 1, numerator: (i) => pos(c(i)), bias: pos(bias) }];
    case "alpha-beta":
      return [
        { factor: rule.alpha as number, numerator: (i) => pos(c(i)), bias: pos(bias) },
        { factor: -(rule.beta as number), numerator: (i) => neg(c(i)), bias: neg(bias) },
      ];
    case "gamma": {
      const gamma = rule.gamma as number;
      const side = z > 0 ? pos : neg;
      return z === 0 ? [] : [{ factor: 1, numerator: (i) => c(i) + gamma * side(c(i)), bias: bias + gamma * side(bias) }];
    }
    case "zbox":
      return [
        {
          factor: 1,
          numerator: (i) => c(i) - at(rule.low, i) * pos(w[i]![j]!) - at(rule.high, i) * neg(w[i]![j]!),
          bias: bias - pos(bias) - neg(bias),
        },
      ];
    case "wsquare":
      return [{ factor: 1, numerator: (i) => w[i]![j]! ** 2, bias: bias ** 2 }];
    case "flat":
      return [{ factor: 1, numerator: (i) => (w[i]![j] === 0 ? 0 : 1), bias: 0 }];
    default:
      throw new Error(`no dense formula for ${rule.name}`);
  }
};

/** Relevance of the inputs; `shake` moves every denominator by that share of the sizes summed in it (float32 noise). */
export const denseRule = (
  rule: RuleSpec,
  layer: Dense,
  x: readonly number[],
  r: readonly number[],
  shake: (j: number) => number = () => 0,
): number[] => {
  const result = x.map(() => 0);
  r.forEach((relevance, j) => {
    for (const { factor, numerator, bias, epsilon = 1e-6 } of shares(rule, layer, x, j)) {
      const n = x.map((_, i) => numerator(i));
      const d = n.reduce((total, v) => total + v, bias);
      const size = n.reduce((total, v) => total + Math.abs(v), Math.abs(bias));
      const scale = (factor * relevance) / stab(d + shake(j) * size, epsilon);
      n.forEach((v, i) => {
        result[i]! += v * scale;
      });
    }
  });
  return result;
};
