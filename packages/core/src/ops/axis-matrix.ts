/**
 * Maps along one axis, whatever they do (strides, picks, reflections, interpolation), as a matrix: the op itself applied to
 * the identity gives A [out, in], and the adjoint multiplies by Aᵀ. Where the size is known, A is a constant the runtime folds when it
 * loads the model; either way its semantics are the runtime's own.
 */
import type { Site } from "./role.ts";
import { sizesOf } from "./sizes.ts";

/** Aᵀ r along `axis` of x; `forward` writes the op on a [n, n] identity along the given one of its two axes. */
export const alongAxis = (
  { g, facts }: Site,
  r: string,
  x: string,
  axis: number,
  forward: (eye: string, along: number) => string,
): string => {
  const size = sizesOf(g, x, axis, axis + 1);
  const identity = g.op("EyeLike", [g.op("ConstantOfShape", [g.op("Concat", [size, size], { axis: 0 })])]);
  const matrix = forward(identity, 0); // [out, in]
  const rank = facts.rank(x);
  const last = rank - 1;
  const perm = Array.from({ length: rank }, (_, i) => (i === axis ? last : i === last ? axis : i));
  return g.transpose(g.op("MatMul", [g.transpose(r, perm), matrix]), perm); // r has `out` last: r·A = (Aᵀ r)ᵀ
};
