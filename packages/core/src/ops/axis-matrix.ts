/**
 * Maps along one axis, whatever they do (strides, picks, reflections, interpolation), as a matrix: the op itself applied to
 * the identity gives A [out, in], and the adjoint multiplies by Aᵀ. Where the size is known, A is a constant the runtime folds when it
 * loads the model; either way its semantics are the runtime's own.
 */
import type { Builder } from "../graph/builder.ts";
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
  const matrix = forward(identity(g, sizesOf(g, x, axis, axis + 1)), 0); // [out, in]
  return timesAlong(g, r, facts.rank(x), axis, matrix); // r·A = (Aᵀ r)ᵀ
};

/** The values along `axis` as row vectors times a matrix: the axis changes places with the last one for the product. */
export const timesAlong = (g: Builder, value: string, rank: number, axis: number, matrix: string): string => {
  const last = rank - 1;
  const perm = Array.from({ length: rank }, (_, i) => (i === axis ? last : i === last ? axis : i));
  return g.transpose(g.op("MatMul", [g.transpose(value, perm), matrix]), perm);
};

/** The identity matrix of a size, an int64 list of one. */
export const identity = (g: Builder, size: string): string =>
  g.op("EyeLike", [g.op("ConstantOfShape", [g.op("Concat", [size, size], { axis: 0 })])]);
