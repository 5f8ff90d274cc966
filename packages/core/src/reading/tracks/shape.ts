/** Operators that give a value other axes without moving its elements. */
import { factored } from "./factor.ts";
import { union } from "./mix.ts";
import type { Step, Transfer } from "./step.ts";
import { type Axis, large, type Track, withMixed } from "./track.ts";

export const reshape: Transfer = (step) => {
  const [x] = step.tracks;
  if (x === undefined) return undefined;
  const { axes, unplaced } = factored(x.axes, step.dims, step.origins);
  const unsure = union(
    [x.unsure],
    unplaced.map(({ origin }) => origin),
  );
  if (inFixedPlace(step, x, axes)) return withMixed({ ...x, axes, unsure }, x.axes.flat());
  return { ...x, axes, unsure };
};

/** A free number stands where a fixed one is: sizes that are alike by chance, of several things in one axis. */
const inFixedPlace = ({ facts, node }: Step, { axes: before }: Track, axes: readonly Axis[]): boolean => {
  const to = facts.shape(node.output[0]!);
  const several = before.filter((axis) => large(axis).length > 1).flat();
  return axes.some((own, k) => to?.[k] !== null && own.some((part) => part.free && part.exact && several.includes(part)));
};

export const unsqueeze: Transfer = (step) => {
  const [x] = step.tracks;
  const axes = step.axes(step.dims.length);
  if (x === undefined || axes === undefined) return reshape(step);
  let at = 0;
  return { ...x, axes: step.dims.map((_, i): Axis => (axes.includes(i) ? [] : (x.axes[at++] ?? []))) };
};

export const squeeze: Transfer = (step) => {
  const [x] = step.tracks;
  const before = step.inputDims(0);
  const axes = step.axes(before.length) ?? before.flatMap((size, i) => (size === 1 ? [i] : []));
  if (x === undefined) return undefined;
  return { ...x, axes: x.axes.filter((_, i) => !axes.includes(i)) };
};
