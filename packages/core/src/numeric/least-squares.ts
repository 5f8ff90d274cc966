/** Weighted least squares with a penalty, by normal equations in float64: (Σ w z zᵀ + P) β = Σ w z y. */
import { fail } from "../errors.ts";

export class LeastSquares {
  /** Σ w z zᵀ, row by row; only the lower triangle is filled. */
  readonly gram: Float64Array;
  readonly moments: Float64Array;

  constructor(readonly width: number) {
    this.gram = new Float64Array(width * width);
    this.moments = new Float64Array(width);
  }

  /** One observation: z of zeros and ones. */
  add(z: Uint8Array, weight: number, y: number): void {
    for (let i = 0; i < this.width; i++) {
      if (z[i] === 0) continue;
      this.moments[i]! += weight * y;
      const row = i * this.width;
      for (let j = 0; j <= i; j++) this.gram[row + j]! += weight * z[j]!;
    }
  }
}

/** L of A = L Lᵀ (Cholesky), from the lower triangle of A; undefined when A is not positive definite to 1e-12 of its largest pivot. */
const cholesky = (a: Float64Array, n: number): Float64Array | undefined => {
  const l = new Float64Array(n * n);
  let largest = 0;
  for (let i = 0; i < n; i++) largest = Math.max(largest, a[i * n + i]!);
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++) {
      let sum = a[i * n + j]!;
      for (let k = 0; k < j; k++) sum -= l[i * n + k]! * l[j * n + k]!;
      if (i > j) l[i * n + j] = sum / l[j * n + j]!;
      else if (sum > 1e-12 * largest) l[i * n + i] = Math.sqrt(sum);
      else return undefined;
    }
  return l;
};

/** x of L Lᵀ x = b. */
export const solveCholesky = (l: Float64Array, b: Float64Array): Float64Array => {
  const n = b.length;
  const x = b.slice();
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) x[i]! -= l[i * n + k]! * x[k]!;
    x[i]! /= l[i * n + i]!;
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) x[i]! -= l[k * n + i]! * x[k]!;
    x[i]! /= l[i * n + i]!;
  }
  return x;
};

/** Adds to the diagonal, the first `count` entries of it. */
export const penalized = (a: Float64Array, n: number, penalty: number, count = n): Float64Array => {
  const out = a.slice();
  for (let i = 0; i < count; i++) out[i * n + i]! += penalty;
  return out;
};

/** L of a matrix that should be positive definite: where it is not, the smallest penalty that makes it so, from 1e-9 of its mean diagonal on. */
export const choleskyOrPenalized = (a: Float64Array, n: number): { readonly l: Float64Array; readonly penalty: number } => {
  const plain = cholesky(a, n);
  if (plain !== undefined) return { l: plain, penalty: 0 };
  let trace = 0;
  for (let i = 0; i < n; i++) trace += a[i * n + i]!;
  for (let penalty = (1e-9 * trace) / n || 1e-9; ; penalty *= 10) {
    const l = cholesky(penalized(a, n, penalty), n);
    if (l !== undefined) return { l, penalty };
  }
};

const MOST_GROUPS = 4096; // the matrix has their square

/** Errors: BadRecipe. */
export const checkGroupCount = (method: string, count: number): void => {
  if (count <= MOST_GROUPS) return;
  throw fail("BadRecipe", {
    what: `${count} groups`,
    why: `'${method}' solves for at most ${MOST_GROUPS} at once`,
    fix: "take fewer features, such as grid:16 or slic:100",
  });
};
