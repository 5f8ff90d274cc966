/** A model in which the channels of a value are turned to other axes and back: between the two its channels are subspaces. */
import { fail } from "../errors.ts";
import { transposed } from "../numeric/transposed.ts";
import { type Addition, additionTo, putBehind } from "../onnx/addition.ts";
import { attr } from "../onnx/attributes.ts";
import type { ModelProto } from "../onnx/proto.ts";

export interface SubspacesAt {
  readonly value: string;
  /** Of the value: axes, and which of them counts channels. */
  readonly rank: number;
  readonly axis: number;
  /** Orthonormal, as many as there are channels. */
  readonly axes: readonly (readonly number[])[];
}

/**
 * h = Uᵀa at every position, as `VALUE/subspaces` in the value's layout, and a = U h again, as two linear layers of the file: the same function, up to rounding. With an
 * ε-rule at both, h gets R_k = (u_kᵀ a)(u_kᵀ c), and the sum is what passed the value. Errors: BadRecipe for a value that no node makes, or axes that are no rotation.
 */
export const withSubspaces = (model: ModelProto, { value, rank, axis, axes }: SubspacesAt): ModelProto => {
  const width = axes.length;
  if (width === 0 || !isRotation(axes))
    throw fail("BadRecipe", {
      what: `${width} axes`,
      fix: "give as many as there are channels, of length 1 and at right angles",
    });
  const added = additionTo(model.graph, value);
  const before = added.name("before");
  const own = subspacesOf(value);
  const turn = turning(added, rank, axis);
  turn(before, added.floats("axes", [width, width], transposed(axes)), own);
  turn(own, added.floats("back", [width, width], axes.flat()), value);
  const graph = putBehind(model.graph, { value, before }, added);
  if (graph === undefined)
    throw fail("BadRecipe", { what: `no node makes '${value}'`, fix: "name a value inside the graph; inspect lists them" });
  return { ...model, graph };
};

/** The name of the value whose channels are the subspaces. */
export const subspacesOf = (value: string): string => `${value}/subspaces`;

const turning =
  ({ op }: Addition, rank: number, axis: number) =>
  (from: string, matrix: string, to: string): void => {
    if (axis === rank - 1) {
      op("MatMul", [from, matrix], [], to);
      return;
    }
    const last = [...Array.from({ length: rank }, (_, k) => k).filter((k) => k !== axis), axis];
    const back = Array.from({ length: rank }, (_, k) => last.indexOf(k));
    const turned = op("MatMul", [op("Transpose", [from], [attr.ints("perm", last)]), matrix]);
    op("Transpose", [turned], [attr.ints("perm", back)], to);
  };

const isRotation = (axes: readonly (readonly number[])[]): boolean =>
  axes.every((a, i) =>
    axes.every(
      (b, j) => a.length === axes.length && Math.abs(a.reduce((sum, v, d) => sum + v * b[d]!, 0) - Number(i === j)) < 1e-4,
    ),
  );
