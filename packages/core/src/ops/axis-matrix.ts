/**
 * Maps along one axis, whatever they do (strides, picks, reflections, interpolation), as a matrix: the op itself applied to
 * the identity gives A [out, in], and the adjoint multiplies by Aᵀ. A is a constant the runtime folds when it loads the model,
 * so its semantics are the runtime's own.
 */
import type { Site } from "./role.ts";

/** Aᵀ r along `axis`; `forward` writes the op on a [n, n] identity along the given one of its two axes. */
export const alongAxis = (
  { g }: Site,
  r: string,
  rank: number,
  axis: number,
  n: number,
  forward: (eye: string, along: number) => string,
): string => {
  const eye = new Float32Array(n * n);
  for (let i = 0; i < n; i++) eye[i * n + i] = 1;
  const matrix = forward(g.floats(eye, [n, n]), 0); // [out, in]
  const last = rank - 1;
  const perm = Array.from({ length: rank }, (_, i) => (i === axis ? last : i === last ? axis : i));
  return g.transpose(g.op("MatMul", [g.transpose(r, perm), matrix]), perm); // r has `out` last: r·A = (Aᵀ r)ᵀ
};
