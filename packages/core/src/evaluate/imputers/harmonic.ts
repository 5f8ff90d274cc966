/**
 * Missing pixels from the known ones around them: Σ_q w_pq (u_p − u_q) = 0 for every missing pixel p, q its neighbours inside the picture,
 * known or missing. The matrix is a graph Laplacian, symmetric and positive definite wherever something is known; solved by conjugate
 * gradients with symmetric successive over-relaxation as preconditioner, in float64.
 */

/** Weights of a pixel's neighbours: beside it, and across its corner. */
export interface Stencil {
  readonly edge: number;
  readonly corner: number;
}

interface System {
  /** Pixels of the unknowns, in raster order. */
  readonly pixels: Uint32Array;
  /** Eight a pixel, four before it and four after it: pixel of the neighbour, −1 outside. */
  readonly around: Int32Array;
  /** The same as unknowns; `pixels.length` for what is known or outside, where vectors hold 0. */
  readonly unknown: Uint32Array;
  readonly diagonal: Float64Array;
  readonly weights: Float64Array;
}

/** The equations for the pixels marked 1 in `missing`, a plane of height × width. */
export const systemOf = (missing: Uint8Array, height: number, width: number, { edge, corner }: Stencil): System => {
  const index = new Int32Array(missing.length).fill(-1);
  let n = 0;
  for (let p = 0; p < missing.length; p++) if (missing[p] === 1) index[p] = n++;
  const pixels = new Uint32Array(n);
  const around = new Int32Array(8 * n).fill(-1);
  const unknown = new Uint32Array(8 * n).fill(n);
  const diagonal = new Float64Array(n);
  const weights = Float64Array.of(corner, edge, corner, edge, edge, corner, edge, corner);
  for (let p = 0; p < missing.length; p++) {
    const i = index[p]!;
    if (i < 0) continue;
    pixels[i] = p;
    const [y, x] = [Math.floor(p / width), p % width];
    STEPS.forEach(([dy, dx], k) => {
      if (y + dy < 0 || y + dy >= height || x + dx < 0 || x + dx >= width) return;
      const q = p + dy * width + dx;
      around[8 * i + k] = q;
      if (index[q]! >= 0) unknown[8 * i + k] = index[q]!;
      diagonal[i]! += weights[k]!;
    });
  }
  return { pixels, around, unknown, diagonal, weights };
};

const STEPS = [
  ...([
    [-1, -1],
    [-1, 0],
    [-1, 1],
    [0, -1],
  ] as const), // before it
  ...([
    [0, 1],
    [1, -1],
    [1, 0],
    [1, 1],
  ] as const), // after it
] as const;

const RELAXATION = 1.7; // between 1 (Gauss and Seidel) and 2: wide gaps gain, narrow ones lose little
const PRECISION = 1e-13;

/** Overwrites the missing pixels of a plane. At least one pixel is known. */
export const solveInto = (system: System, plane: Float32Array): void => {
  const { pixels, around, unknown, weights } = system;
  const n = pixels.length;
  const residual = new Float64Array(n);
  const solution = new Float64Array(n + 1);
  for (let i = 0; i < n; i++)
    for (let k = 0; k < 8; k++) {
      const q = around[8 * i + k]!;
      if (q >= 0 && unknown[8 * i + k] === n) residual[i]! += weights[k]! * plane[q]!;
    }
  const wanted = PRECISION * Math.sqrt(dot(residual, residual, n));
  const z = new Float64Array(n + 1);
  const direction = new Float64Array(n + 1);
  const image = new Float64Array(n);
  precondition(system, residual, z);
  direction.set(z);
  let slope = dot(residual, z, n);
  for (let round = 0; round < 20 * n && Math.sqrt(dot(residual, residual, n)) > wanted; round++) {
    multiply(system, direction, image);
    const step = slope / dot(direction, image, n);
    for (let i = 0; i < n; i++) {
      solution[i]! += step * direction[i]!;
      residual[i]! -= step * image[i]!;
    }
    precondition(system, residual, z);
    const next = dot(residual, z, n);
    const share = next / slope;
    for (let i = 0; i < n; i++) direction[i] = z[i]! + share * direction[i]!;
    slope = next;
  }
  for (let i = 0; i < n; i++) plane[pixels[i]!] = solution[i]!;
};

const dot = (a: Float64Array, b: Float64Array, n: number): number => {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += a[i]! * b[i]!;
  return sum;
};

const multiply = ({ unknown, diagonal, weights }: System, v: Float64Array, into: Float64Array): void => {
  const [corner, edge] = [weights[0]!, weights[1]!];
  for (let i = 0, at = 0; i < into.length; i++, at += 8)
    into[i] =
      diagonal[i]! * v[i]! -
      corner * (v[unknown[at]!]! + v[unknown[at + 2]!]! + v[unknown[at + 5]!]! + v[unknown[at + 7]!]!) -
      edge * (v[unknown[at + 1]!]! + v[unknown[at + 3]!]! + v[unknown[at + 4]!]! + v[unknown[at + 6]!]!);
};

/** z of (D/ω + L) D⁻¹ (D/ω + Lᵀ) z = r: one sweep forward, one backward. */
const precondition = ({ unknown, diagonal, weights }: System, r: Float64Array, z: Float64Array): void => {
  const [corner, edge] = [weights[0]!, weights[1]!];
  const n = r.length;
  for (let i = 0, at = 0; i < n; i++, at += 8) {
    const before = corner * (z[unknown[at]!]! + z[unknown[at + 2]!]!) + edge * (z[unknown[at + 1]!]! + z[unknown[at + 3]!]!);
    z[i] = (RELAXATION * (r[i]! + before)) / diagonal[i]!;
  }
  for (let i = 0; i < n; i++) z[i]! *= diagonal[i]!;
  for (let i = n - 1, at = 8 * i; i >= 0; i--, at -= 8) {
    const after = edge * (z[unknown[at + 4]!]! + z[unknown[at + 6]!]!) + corner * (z[unknown[at + 5]!]! + z[unknown[at + 7]!]!);
    z[i] = (RELAXATION * (z[i]! + after)) / diagonal[i]!;
  }
};
