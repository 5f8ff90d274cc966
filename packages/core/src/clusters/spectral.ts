/** Spectral clustering (Ng et al. 2001; von Luxburg 2007): the smallest eigenvalues of a graph's Laplacian, and rows of their vectors. */
import { symmetricEigen } from "../numeric/eigen.ts";

export interface Spectrum {
  /** The smallest, ascending. */
  readonly values: readonly number[];
  /** One for each value, a number for each sample. */
  readonly vectors: readonly Float64Array[];
  /** Eigenvalues that are 0: connected parts of the graph. */
  readonly components: number;
}

const ZERO = 1e-9;

/** The `count` smallest eigenvalues of an N × N Laplacian. */
export const spectrumOf = (laplacian: Float64Array, n: number, count = 10): Spectrum => {
  const { values, vectors } = symmetricEigen(laplacian, n);
  const kept = Math.min(count, n);
  return {
    values: Array.from(values.subarray(0, kept)),
    vectors: vectors.slice(0, kept),
    components: values.filter((value) => value < ZERO).length,
  };
};

/** How many clusters: the k ≥ `least` of the largest λ_(k+1) − λ_k, counted from 1; of ties the first. */
export const eigengap = (values: readonly number[], least = 2): number => {
  let best = Math.min(least, values.length);
  for (let k = least; k < values.length; k++) if (values[k]! - values[k - 1]! > (values[best] ?? 0) - values[best - 1]!) best = k;
  return best;
};

/** By sample: its numbers in the first `count` eigenvectors, scaled to unit length. */
export const embeddingOf = ({ vectors }: Pick<Spectrum, "vectors">, count: number): readonly Float64Array[] =>
  Array.from(vectors[0] ?? [], (_, i) => {
    const row = Float64Array.from({ length: count }, (_, k) => vectors[k]![i]!);
    const size = Math.sqrt(row.reduce((sum, v) => sum + v * v, 0));
    return size === 0 ? row : row.map((v) => v / size);
  });
