/** Rows beside the points they are compared with, in float64: exponentials of distances in float32 would be off by 1e-5. */
import type { Builder } from "../../graph/builder.ts";
import { DataType } from "../../onnx/proto.ts";
import type { Spheres } from "../../plan/neuralised/spheres.ts";

export interface Compared {
  readonly g: Builder;
  readonly count: number;
  /** (x − m_k)² by column, [N, K, columns], and their sums, [N, K]. */
  readonly squares: string;
  readonly distances: string;
}

/** What each column has of one explained score. */
export interface Decomposed {
  /** Of each point, what its squares are multiplied by: R_d = Σ_k share_k (x − m_k)_d², [N, K]. */
  readonly shares: string;
  /** [N, 1] */
  readonly score: string;
  /** Of points at which the row itself lies, and which have no direction to be given to: [N, 1]. */
  readonly lost?: string;
}

export const comparedWith = (g: Builder, { x, points }: Spheres): Compared => {
  const [count, width] = [points.length, points[0]!.length];
  const rows = g.op("Reshape", [g.op("Cast", [x], { to: DataType.DOUBLE }), g.ints([-1, 1, width])]);
  const apart = g.sub(rows, doubles(g, points.flat(), [1, count, width]));
  const squares = g.mul(apart, apart);
  return { g, count, squares, distances: g.reduceSum(squares, [2], 0) };
};

/** A few tensors of 8 bytes for each row, point and column. */
const BYTES = 2 ** 28;

/** Rows of a batch that are best explained together. */
export const rowsBeside = ({ points }: Spheres): number =>
  Math.min(4096, Math.max(1, Math.floor(BYTES / (24 * points.length * points[0]!.length))));

/** R by column, [N, columns]. */
export const relevanceOf = ({ g, squares }: Compared, shares: string): string =>
  g.op("Squeeze", [g.op("MatMul", [g.op("Unsqueeze", [shares, g.ints([1])]), squares]), g.ints([1])]);

export const doubles = (g: Builder, numbers: readonly number[], dims: readonly number[] = [1, numbers.length]): string =>
  numbers.length === 1
    ? g.doubles(Float64Array.from(numbers), dims)
    : g.tensor("points", { type: "float64", dims, data: Float64Array.from(numbers) });

/** Of truths: 0 and 1. */
export const doubleMask = (g: Builder, condition: string): string => g.op("Cast", [condition], { to: DataType.DOUBLE });
export const where = (g: Builder, condition: string, yes: string, no: string): string => g.op("Where", [condition, yes, no]);
/** Over the points, [N, 1]: TopK, which all opsets write alike. */
export const most = (g: Builder, value: string): string => g.ops("TopK", [value, g.ints([1])], { axis: 1 }, 2)[0]!;

/** log Σ exp over the points, [N, 1]. */
export const logSumExp = (g: Builder, logs: string): string => {
  const top = most(g, logs);
  return g.add(top, g.op("Log", [g.reduceSum(g.op("Exp", [g.sub(logs, top)]), [1])]));
};
