/** Convolutions, pools, resizing: [N, C, positions…]. They mix neighbours and tell most of what is known of a net's axes. */
import { getInt, getInts } from "../../onnx/attributes.ts";
import type { AxisRole } from "../roles.ts";
import { factored } from "./factor.ts";
import { WEIGHT } from "./origins.ts";
import type { Step, Transfer } from "./step.ts";
import { type Axis, inexact, type Track } from "./track.ts";

const SPACES: readonly (readonly AxisRole[])[] = [[], ["time"], ["height", "width"], ["depth", "height", "width"]];

/** Roles of positions, one for each axis; an axis of size 1 that no input has was only added for the operator. */
const spaceOf = (axes: readonly Axis[], dims: readonly number[]): readonly (AxisRole | undefined)[] => {
  const real = axes.map((axis, i) => axis.length > 0 || dims[i]! > 1);
  const roles = SPACES[real.filter(Boolean).length] ?? [];
  let at = 0;
  return real.map((is) => (is ? roles[at++] : undefined));
};

const tellSpace = (step: Step, { axes }: Track, why: string, weight: number, whole: readonly boolean[] = []): void => {
  const [batch, channel, ...positions] = axes;
  step.tell(batch, "batch", why, weight);
  step.tell(channel, "channel", why, weight);
  const roles = spaceOf(
    positions.filter((_, i) => !whole[i]),
    step
      .inputDims(0)
      .slice(2)
      .filter((_, i) => !whole[i]),
  );
  let at = 0;
  positions.forEach((axis, i) => {
    const role = whole[i] ? "feature" : roles[at++];
    if (role !== undefined) step.tell(axis, role, why, whole[i] ? weight - 1 : weight);
  });
};

/** Channels within a group are summed; groups lie side by side, the major part of the axis. */
const channels = (step: Step, axis: Axis, groups: number, made: number): { readonly axis: Axis; readonly mixed: Axis } => {
  const { origins } = step;
  const own = () => step.fresh(made / groups, "channel", `made by ${step.node.opType}`, WEIGHT.convolution);
  if (groups === 1) return { axis: own(), mixed: axis };
  const size = axis.reduce((n, part) => n * part.size, 1);
  const { axes } = factored([axis], [groups, size / groups], origins);
  for (const { origin } of axes[0]!)
    if (origins.told(origin) === undefined) origins.tell(origin, "channel", "groups of a convolution", WEIGHT.convolution);
  return { axis: [...axes[0]!, ...(made === groups ? [] : own())], mixed: axes[1] ?? [] };
};

export const convolution: Transfer = (step) => {
  const [x] = step.tracks;
  const { node, dims } = step;
  if (x === undefined || dims.length < 3)
    return step.tracks[0] === undefined ? step.made(dims.map((n) => step.fresh(n))) : undefined;
  const before = step.inputDims(0);
  const kernel = getInts(node, "kernel_shape") ?? step.inputDims(1).slice(2);
  const padded = getInts(node, "pads")?.some((pad) => pad !== 0) ?? false;
  // A kernel as long as the axis weighs it as channels are weighed.
  const whole = kernel.map(
    (k, i) => k > 1 && !padded && k === before[i + 2] && kernel.some((other, j) => j !== i && other !== before[j + 2]),
  );
  const why = `${node.opType} over ${kernel.length} axis${kernel.length > 1 ? "es" : ""}`.replace("axises", "axes");
  tellSpace(step, x, why, WEIGHT.convolution, node.opType === "Conv" ? whole : []);
  const { axis, mixed } = channels(step, x.axes[1]!, getInt(node, "group", 1), dims[1]!);
  const positions = x.axes
    .slice(2)
    .map((own, i) => resized(step, own, { from: before[i + 2]!, to: dims[i + 2]!, still: kernel[i] === 1 }));
  const moving = x.axes.slice(2).filter((_, i) => kernel[i] !== 1);
  return step.made([x.axes[0]!, axis, ...positions], [mixed, ...moving]);
};

const resized = (step: Step, axis: Axis, { from, to, still }: { from: number; to: number; still: boolean }): Axis => {
  if (still && from === to) return axis;
  if (to === 1) return [];
  const [only, ...others] = axis.filter(({ size }) => size > 1);
  return only === undefined || others.length > 0 ? step.fresh(to) : [{ ...only, exact: false, size: to }];
};

/** Pools: what is left of an axis are its positions, fewer. */
const spatial =
  (weight: number): Transfer =>
  (step) => {
    const [x] = step.tracks;
    if (x === undefined || step.dims.length < 3) return undefined;
    tellSpace(step, x, step.node.opType, weight);
    const before = step.inputDims(0);
    const axes = x.axes.map((axis, i) =>
      i < 2 ? axis : resized(step, axis, { from: before[i]!, to: step.dims[i]!, still: false }),
    );
    return step.node.output.map(() => step.made(axes, x.axes.slice(2)));
  };

export const pool = spatial(WEIGHT.pool);

/** Whatever axes change their size. */
export const resize: Transfer = (step) => {
  const [x] = step.tracks;
  if (x === undefined || x.axes.length !== step.dims.length) return undefined;
  const before = step.inputDims(0);
  const changed = x.axes.map((_, i) => before[i] !== step.dims[i]);
  const axes = x.axes.map((axis, i) =>
    changed[i] ? resized(step, axis, { from: before[i]!, to: step.dims[i]!, still: false }) : axis,
  );
  return step.made(
    axes,
    x.axes.filter((_, i) => changed[i]),
  );
};

/** DepthToSpace and back: channels become positions. */
export const shuffle: Transfer = (step) => {
  const [x] = step.tracks;
  if (x === undefined) return undefined;
  tellSpace(step, x, step.node.opType, WEIGHT.pool);
  const [batch = [], , ...positions] = x.axes;
  const { dims } = step;
  const channel = step.fresh(dims[1], "channel", step.node.opType, WEIGHT.pool);
  return step.made(
    [batch, channel, ...positions.map((axis, i) => resized(step, axis, { from: -1, to: dims[i + 2]!, still: false }))],
    [x.axes[1] ?? []],
  );
};

/** [N, C, …] stays as it is; `mixes`: over positions, too. */
export const norm =
  (mixes: boolean): Transfer =>
  (step) => {
    const [x] = step.tracks;
    if (x === undefined) return step.elementwise();
    const [batch, channel, ...positions] = x.axes;
    step.tell(batch, "batch", step.node.opType, WEIGHT.norm);
    step.tell(channel, positions.length === 0 ? "feature" : "channel", step.node.opType, WEIGHT.norm);
    return step.made(
      x.axes.map((axis, i) => (mixes && i > 0 ? inexact(axis) : axis)),
      mixes ? x.axes.slice(1) : [],
    );
  };
