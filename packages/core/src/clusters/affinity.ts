/** Which rows are neighbours: distances, affinities, and the Laplacian of the graph they make. All N × N, row-major, float64. */
import { fail } from "../errors.ts";
import { type Rows, squaredDistance } from "./rows.ts";

/** Euclidean. */
export const distancesOf = (rows: Rows): Float64Array => {
  const n = rows.length;
  const out = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < i; j++) {
      const d = Math.sqrt(squaredDistance(rows[i]!, rows[j]!));
      out[i * n + j] = d;
      out[j * n + i] = d;
    }
  return out;
};

/** a_ij = 1 where j is among the k nearest of i, i itself left out, ties by index; A = (a + aᵀ) / 2. Errors: BadRecipe for a k that is none. */
export const nearestAffinity = (distances: Float64Array, n: number, k: number): Float64Array => {
  if (!Number.isInteger(k) || k < 1 || k >= n)
    throw fail("BadRecipe", { what: `${k} neighbours of ${n} samples`, fix: `give a whole number from 1 to ${n - 1}` });
  const out = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    const others = Array.from({ length: n }, (_, j) => j).filter((j) => j !== i);
    others.sort((a, b) => distances[i * n + a]! - distances[i * n + b]! || a - b);
    for (const j of others.slice(0, k)) {
      out[i * n + j]! += 0.5;
      out[j * n + i]! += 0.5;
    }
  }
  return out;
};

/** exp(−d² / (2 σ²)). */
export const gaussianAffinity = (distances: Float64Array, sigma: number): Float64Array => {
  if (!(sigma > 0)) throw fail("BadRecipe", { what: `sigma ${sigma}`, fix: "give a number above 0" });
  return distances.map((d) => Math.exp((-d * d) / (2 * sigma * sigma)));
};

/** I − D^-1/2 A D^-1/2, D the sums of rows. A row without neighbours has 1 on the diagonal and nothing else. */
export const laplacianOf = (affinity: Float64Array, n: number): Float64Array => {
  const root = Float64Array.from({ length: n }, (_, i) => {
    const sum = affinity.subarray(i * n, (i + 1) * n).reduce((a, b) => a + b, 0);
    return sum > 0 ? 1 / Math.sqrt(sum) : 0;
  });
  return affinity.map((a, at) => {
    const [i, j] = [Math.floor(at / n), at % n];
    return (i === j ? 1 : 0) - root[i]! * a * root[j]!;
  });
};
