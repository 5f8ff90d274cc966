/**
 * The min-max relevance model of Deep Taylor (Montavon et al. 2017): the relevance R of a neuron, as a function of the activations x ≥ 0
 * below it and of the relevances u above it, is fitted by a small network that has a root at x = 0,
 *
 *   R̂ = Σ_j y_j,   y_j = max(0, x·v_j + a_j),   a_j = min(0, u·h_j + d_j),
 *
 * and decomposed by z⁺: R_i = Σ_j x_i v_ij⁺ / (x·v_j⁺) · y_j, which keeps ΣR_i = R̂. The training-free model of the composite
 * deep-taylor (R proportional to the neuron's own activation) needs no such fit.
 * Fitted by Adam (Kingma and Ba 2015) on the mean squared error.
 */
import { fail } from "../../errors.ts";
import { randomBy } from "../../numeric/random.ts";

export interface MinMaxData {
  /** Activations below, sample by sample, ≥ 0. */
  readonly x: readonly ArrayLike<number>[];
  /** Relevances of the layer above. */
  readonly above: readonly ArrayLike<number>[];
  /** The neuron's relevance. */
  readonly relevance: readonly number[];
}

export interface MinMaxOptions {
  /** Detectors y_j; default 8. */
  readonly units?: number;
  /** Passes over all samples; default 2000. */
  readonly rounds?: number;
  /** Step size; default 0.02. */
  readonly rate?: number;
  readonly seed?: number;
}

export interface MinMaxModel {
  /** Mean squared error on the data. */
  readonly error: number;
  /** The relevance it expects of a neuron, from the activations below and of the layer above. */
  predict(x: ArrayLike<number>, above: ArrayLike<number>): number;
  /** Relevance of the activations below; adds up to `predict`. */
  decompose(x: ArrayLike<number>, above: ArrayLike<number>): Float32Array;
}

/** Errors: BadInput (no samples, or of different sizes). */
export const fitMinMax = (
  { x, above, relevance }: MinMaxData,
  { units = 8, rounds = 2000, rate = 0.02, seed = 0 }: MinMaxOptions = {},
): MinMaxModel => {
  const [inputs, parents, count] = [x[0]?.length ?? 0, above[0]?.length ?? 0, relevance.length];
  if (count === 0 || x.length !== count || above.length !== count || x.some((row) => row.length !== inputs))
    throw fail("BadInput", {
      what: `${x.length} activations, ${above.length} relevances above and ${count} targets`,
      fix: "give one of each a sample",
    });
  // Of each unit: inputs weights v, parents weights h, and d.
  const width = inputs + parents + 1;
  const random = randomBy(seed).stream(0);
  const theta = Float64Array.from({ length: units * width }, (_, k) =>
    k % width < inputs ? random.next() / Math.sqrt(inputs) : k % width < width - 1 ? 0.1 * random.normal() : -0.1 * random.next(),
  );
  const run = (n: { readonly x: ArrayLike<number>; readonly above: ArrayLike<number> }, j: number) => {
    let [drive, bias] = [0, theta[j * width + width - 1]!];
    for (let i = 0; i < inputs; i++) drive += n.x[i]! * theta[j * width + i]!;
    for (let l = 0; l < parents; l++) bias += n.above[l]! * theta[j * width + inputs + l]!;
    return { y: Math.max(0, drive + Math.min(0, bias)), held: bias < 0 };
  };
  const predict = (one: ArrayLike<number>, other: ArrayLike<number>) => {
    let total = 0;
    for (let j = 0; j < units; j++) total += run({ x: one, above: other }, j).y;
    return total;
  };
  const step = adam(theta, rate);
  const slope = new Float64Array(theta.length);
  for (let round = 0; round < rounds; round++) {
    slope.fill(0);
    for (let n = 0; n < count; n++) {
      const sample = { x: x[n]!, above: above[n]! };
      const states = Array.from({ length: units }, (_, j) => run(sample, j));
      const miss = (2 / count) * (states.reduce((sum, { y }) => sum + y, 0) - relevance[n]!);
      states.forEach(({ y, held }, j) => {
        if (y === 0) return;
        for (let i = 0; i < inputs; i++) slope[j * width + i]! += miss * sample.x[i]!;
        if (!held) return;
        for (let l = 0; l < parents; l++) slope[j * width + inputs + l]! += miss * sample.above[l]!;
        slope[j * width + width - 1]! += miss;
      });
    }
    step(slope);
  }
  return {
    error: relevance.reduce((sum, r, n) => sum + (predict(x[n]!, above[n]!) - r) ** 2, 0) / count,
    predict,
    decompose: (one, other) => {
      const map = new Float32Array(inputs);
      for (let j = 0; j < units; j++) {
        const { y } = run({ x: one, above: other }, j);
        const parts = Float64Array.from({ length: inputs }, (_, i) => one[i]! * Math.max(0, theta[j * width + i]!));
        const total = parts.reduce((a, b) => a + b, 0);
        if (y > 0) for (let i = 0; i < inputs; i++) map[i]! += (parts[i]! / total) * y; // y > 0 has a positive part, as a ≤ 0
      }
      return map;
    },
  };
};

const adam = (theta: Float64Array, rate: number): ((slope: Float64Array) => void) => {
  const [mean, square] = [new Float64Array(theta.length), new Float64Array(theta.length)];
  let t = 0;
  return (slope) => {
    t++;
    for (let k = 0; k < theta.length; k++) {
      mean[k] = 0.9 * mean[k]! + 0.1 * slope[k]!;
      square[k] = 0.999 * square[k]! + 0.001 * slope[k]! ** 2;
      theta[k]! -= (rate * (mean[k]! / (1 - 0.9 ** t))) / (Math.sqrt(square[k]! / (1 - 0.999 ** t)) + 1e-8);
    }
  };
};
