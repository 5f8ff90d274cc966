/** Operators that choose: look-ups, slices, cuts, and what writes back to chosen places. */
import { getInt, getInts } from "../../onnx/attributes.ts";
import { fromFront } from "../../ops/axes.ts";
import { originsOf } from "./mix.ts";
import { WEIGHT } from "./origins.ts";
import { type Step, type Transfer, unknown } from "./step.ts";
import { type Axis, broadcast, inexact, large } from "./track.ts";

/** Rows of a table by ids: the ids' axes stand where the table's rows stood. */
export const gather: Transfer = (step) => {
  const [data, ids] = step.tracks;
  const rank = step.inputDims(0).length;
  const axis = step.axis(0, rank);
  const from = data?.axes ?? step.inputDims(0).map(() => undefined);
  const chosen = ids?.axes ?? step.inputDims(1).map((size) => (size > 1 ? takenFrom(step, data?.axes[axis], size) : []));
  if (ids !== undefined && data === undefined) tellIds(step, ids.axes);
  if (ids !== undefined && data !== undefined) step.tell(data.axes[axis], "node", "picked by computed indices", WEIGHT.graph);
  const kept = (own: Axis | undefined, i: number): Axis =>
    own ?? step.fresh(step.inputDims(0)[i], "feature", "of a table", WEIGHT.dense);
  const axes = [...from.slice(0, axis).map(kept), ...chosen, ...from.slice(axis + 1).map((own, i) => kept(own, axis + 1 + i))];
  return step.made(axes, data === undefined ? [] : [data.axes[axis]!]);
};

/** Some of an axis are still its positions. */
const takenFrom = (step: Step, axis: Axis | undefined, size: number): Axis => {
  const [only, ...others] = axis ?? [];
  return only === undefined || others.length > 0 ? step.fresh(size) : [{ ...only, exact: false, size }];
};

const tellIds = (step: Step, axes: readonly Axis[]): void => {
  if (axes.length !== 2) return;
  step.tell(axes[1], "token", "looked up in a table", WEIGHT.lookup);
  step.tell(axes[0], "batch", "rows of ids", WEIGHT.dense);
};

export const oneHot: Transfer = (step) => {
  const [ids] = step.tracks;
  if (ids === undefined) return undefined;
  const axis = fromFront(getInt(step.node, "axis", -1), step.dims.length);
  tellIds(step, ids.axes);
  const axes = [...ids.axes];
  axes.splice(axis, 0, step.fresh(step.dims[axis], "feature", "one-hot", WEIGHT.dense));
  return step.made(axes);
};

/** Slice, Pad, Tile: an axis that keeps its size keeps its order. */
export const cut: Transfer = (step) => {
  const [x] = step.tracks;
  if (x === undefined || x.axes.length !== step.dims.length) return undefined;
  const before = step.inputDims(0);
  const backwards = step.node.opType === "Slice" && (step.facts.numbers(step.node.input[4]) ?? []).some((by) => by < 0);
  const changed = x.axes.map((_, i) => backwards || before[i] !== step.dims[i]);
  const axes = x.axes.map((axis, i) => (changed[i] ? (step.dims[i] === 1 ? [] : takenFrom(step, axis, step.dims[i]!)) : axis));
  return step.made(
    axes,
    x.axes.filter((_, i) => changed[i]),
  );
};

/** Taken apart into its single positions, an axis is walked along: time. */
export const split: Transfer = (step) => {
  const [x] = step.tracks;
  const axis = step.axis(0);
  if (x === undefined || x.axes[axis] === undefined) return undefined;
  const sizes = step.node.output.map((name) => step.dimsOf(name)?.[axis] ?? 1);
  if (sizes.length > 1 && sizes.every((size) => size === 1) && x.axes.length > 2)
    step.tell(x.axes[axis], "time", "walked along step by step", WEIGHT.recurrent);
  return sizes.map((size) =>
    step.made(
      x.axes.map((own, i) => (i === axis ? (size === 1 ? [] : takenFrom(step, own, size)) : own)),
      [x.axes[axis]!],
    ),
  );
};

export const concat: Transfer = (step) => {
  const { varying, dims } = step;
  const axis = step.axis(0, dims.length);
  if (varying.some(({ axes }) => axes.length !== dims.length)) return undefined;
  const axes = dims.map((size, i): Axis => {
    const own = varying.map((track) => track.axes[i]!).filter((axis) => axis.length > 0);
    if (own.length === 0) return i === axis ? restacked(step, size) : [];
    if (i === axis)
      return takenFrom(step, [...varying].sort((a, b) => partsSize(b.axes[i]!) - partsSize(a.axes[i]!))[0]!.axes[i], size);
    return broadcast(
      varying.map((track) => ({ ...track, axes: [track.axes[i]!] })),
      [size],
      step.origins,
    ).axes[0]!;
  });
  const joined = varying.map((track) => track.axes[axis]!);
  const copies = axis === 0 && varying.length === step.tracks.length ? inCopies(step, joined) : undefined;
  if (copies !== undefined) return step.made([copies, ...axes.slice(1)]);
  return step.made(axes, varying.length > 1 ? joined : []);
};

/** The same rows several times, end to end: a Reshape can tell one time from the next. */
const inCopies = (step: Step, joined: readonly Axis[]): Axis | undefined => {
  const parts = joined.map(large);
  const [[first, ...more] = []] = parts;
  if (first === undefined || more.length > 0 || parts.length < 2 || first.size < 2) return undefined;
  const { origins } = step;
  const root = origins.find(first.origin);
  const same = parts.every(([part, ...others]) => others.length === 0 && part?.exact && origins.find(part.origin) === root);
  return same && step.dims[0] === parts.length * first.size ? [...step.fresh(parts.length), first] : undefined;
};

const partsSize = (axis: Axis): number => axis.reduce((size, part) => size * part.size, 1);

/** What was taken apart position by position and comes together again. */
const restacked = (step: Step, size: number): Axis => {
  const { origins } = step;
  for (const { mixed } of step.varying)
    for (const origin of originsOf(mixed))
      if (origins.told(origin)?.role === "time") return [{ origin: origins.find(origin), exact: false, size }];
  return step.fresh(size);
};

/** Elements by computed indices of the same rank: along one axis anything may come from anywhere. */
export const alongAxis: Transfer = (step) => {
  const data = step.tracks[0] ?? step.tracks[2];
  const axis = step.axis(0, step.dims.length);
  if (data === undefined || data.axes.length !== step.dims.length) return undefined;
  if (step.tracks[1] !== undefined && step.dims.length === 2 && axis === 0)
    step.tell(data.axes[0], "node", "gathered along computed indices", WEIGHT.graph);
  const axes = data.axes.map((own, i) => (i === axis ? inexact(own) : own));
  return step.made(axes, [...step.varying.map((track) => track.axes[axis] ?? []), data.axes[axis]!]);
};

/** Indices name whole rows of the first axes. */
export const rowsByIndex: Transfer = (step) => {
  const [data, ids] = step.tracks;
  if (data === undefined) return unknown(step);
  const deep = step.inputDims(1).at(-1) ?? 1;
  const batch = getInt(step.node, "batch_dims", 0);
  if (ids !== undefined) step.tell(data.axes[batch], "node", "picked by computed indices", WEIGHT.graph);
  if (step.node.opType === "ScatterND")
    return step.made(
      data.axes.map((own, i) => (i < deep ? inexact(own) : own)),
      data.axes.slice(0, deep),
    );
  const places = (ids?.axes ?? step.inputDims(1).map((size) => (size > 1 ? step.fresh(size) : []))).slice(0, -1);
  const own = [...data.axes.slice(0, batch), ...places.slice(batch), ...data.axes.slice(batch + deep)];
  return step.made(own, data.axes.slice(batch, batch + deep));
};

export const topK: Transfer = (step) => {
  const [x] = step.tracks;
  if (x === undefined) return undefined;
  const axis = step.axis(-1);
  const axes = x.axes.map((own, i) => (i === axis ? step.fresh(step.dims[i]) : own));
  return step.node.output.map(() => step.made(axes, [x.axes[axis]!]));
};

/** `perm`. */
export const transpose: Transfer = (step) => {
  const [x] = step.tracks;
  if (x === undefined) return undefined;
  const perm = getInts(step.node, "perm") ?? x.axes.map((_, i) => x.axes.length - 1 - i);
  return { ...x, axes: perm.map((axis) => x.axes[axis]!) };
};
