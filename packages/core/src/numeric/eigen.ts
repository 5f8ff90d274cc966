/** Eigenvalues and eigenvectors of symmetric matrices: Householder's reduction to three diagonals, then implicit QL steps (Golub and Van Loan, chapter 8). */
import { fail } from "../errors.ts";

export interface Eigen {
  /** Ascending. */
  readonly values: Float64Array;
  /** Unit vectors, one for each value. */
  readonly vectors: readonly Float64Array[];
}

/** `a`: n × n, symmetric, row-major; it is not changed. */
export const symmetricEigen = (a: ArrayLike<number>, n: number): Eigen => {
  const { diagonal, beside, basis } = tridiagonal(a, n);
  diagonalise(diagonal, beside, basis);
  const order = Array.from(diagonal.keys()).sort((i, j) => diagonal[i]! - diagonal[j]!);
  return { values: Float64Array.from(order, (i) => diagonal[i]!), vectors: order.map((i) => basis[i]!) };
};

interface Tridiagonal {
  readonly diagonal: Float64Array;
  /** Between i and i + 1. */
  readonly beside: Float64Array;
  /** Rows of Qᵀ, A = Q T Qᵀ. */
  readonly basis: readonly Float64Array[];
}

const tridiagonal = (a: ArrayLike<number>, n: number): Tridiagonal => {
  const rows = Array.from({ length: n }, (_, i) => Float64Array.from({ length: n }, (_, j) => a[i * n + j]!));
  const basis = Array.from({ length: n }, (_, i) => Float64Array.from({ length: n }, (_, j) => (i === j ? 1 : 0)));
  for (let k = 0; k + 2 < n; k++) {
    const v = reflector(rows, k);
    if (v === undefined) continue;
    // A ← A − 2 v wᵀ − 2 w vᵀ with p = A v, w = p − (vᵀp) v.
    const p = rows.map((row) => dot(row, v, k));
    const w = Float64Array.from(p);
    const share = dot(w, v, k);
    for (let i = 0; i < n; i++) w[i]! -= share * v[i]!;
    for (let i = k; i < n; i++) {
      const row = rows[i]!;
      for (let j = k; j < n; j++) row[j]! -= 2 * (v[i]! * w[j]! + w[i]! * v[j]!);
    }
    // Rows of Qᵀ: the reflection acts between them.
    const mixed = new Float64Array(n);
    for (let i = k + 1; i < n; i++) for (let j = 0; j < n; j++) mixed[j]! += v[i]! * basis[i]![j]!;
    for (let i = k + 1; i < n; i++) for (let j = 0; j < n; j++) basis[i]![j]! -= 2 * v[i]! * mixed[j]!;
  }
  const beside = Float64Array.from({ length: n }, (_, i) => (i + 1 < n ? rows[i + 1]![i]! : 0));
  return { diagonal: Float64Array.from({ length: n }, (_, i) => rows[i]![i]!), beside, basis };
};

/** The unit vector that takes column k below the diagonal to its first entry; undefined where there is nothing to take. */
const reflector = (rows: readonly Float64Array[], k: number): Float64Array | undefined => {
  const n = rows.length;
  const v = new Float64Array(n);
  let below = 0;
  for (let i = k + 1; i < n; i++) {
    v[i] = rows[i]![k]!;
    if (i > k + 1) below += v[i]! ** 2;
  }
  if (below === 0) return undefined;
  v[k + 1]! += (v[k + 1]! < 0 ? -1 : 1) * Math.sqrt(below + v[k + 1]! ** 2);
  const size = Math.sqrt(below + v[k + 1]! ** 2);
  for (let i = k + 1; i < n; i++) v[i]! /= size;
  return v;
};

const dot = (a: Float64Array, b: Float64Array, from: number): number => {
  let sum = 0;
  for (let i = from; i < b.length; i++) sum += a[i]! * b[i]!;
  return sum;
};

const MOST = 60;

/** In place: eigenvalues on the diagonal, eigenvectors as the rows of the basis. */
const diagonalise = (d: Float64Array, e: Float64Array, basis: readonly Float64Array[]): void => {
  for (let l = 0; l < d.length; l++)
    for (let step = 0; ; step++) {
      let m = l;
      while (m + 1 < d.length && Math.abs(e[m]!) > Number.EPSILON * (Math.abs(d[m]!) + Math.abs(d[m + 1]!))) m += 1;
      if (m === l) break;
      if (step === MOST)
        throw fail("BadInput", { what: "eigenvalues that do not converge", why: "the matrix has no finite numbers" });
      qlStep(d, e, basis, { l, m });
    }
};

/** One implicit QL step with Wilkinson's shift on the block l … m. */
const qlStep = (
  d: Float64Array,
  e: Float64Array,
  basis: readonly Float64Array[],
  { l, m }: { readonly l: number; readonly m: number },
): void => {
  const half = (d[l + 1]! - d[l]!) / (2 * e[l]!);
  let g = d[m]! - d[l]! + e[l]! / (half + (half < 0 ? -1 : 1) * Math.hypot(half, 1));
  let [s, c, p] = [1, 1, 0];
  for (let i = m - 1; i >= l; i--) {
    const [f, b] = [s * e[i]!, c * e[i]!];
    const r = Math.hypot(f, g);
    e[i + 1] = r;
    if (r === 0) {
      d[i + 1]! -= p;
      e[m] = 0;
      return;
    }
    [s, c] = [f / r, g / r];
    g = d[i + 1]! - p;
    const t = (d[i]! - g) * s + 2 * c * b;
    p = s * t;
    d[i + 1] = g + p;
    g = c * t - b;
    rotate(basis[i]!, basis[i + 1]!, s, c);
  }
  d[l]! -= p;
  e[l] = g;
  e[m] = 0;
};

const rotate = (a: Float64Array, b: Float64Array, s: number, c: number): void => {
  for (let k = 0; k < a.length; k++) {
    const [x, y] = [a[k]!, b[k]!];
    b[k] = s * x + c * y;
    a[k] = c * x - s * y;
  }
};
