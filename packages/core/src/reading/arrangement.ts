/**
 * One order of axes for whoever cuts inputs into units, fills them, draws them or sums over channels: samples first, then channels, then
 * positions ([N, C, H, W], [N, C, L]); tokens and nodes before their features ([N, L, D]); what has no positions as it stands ([N, F]).
 * A picture as NHWC and as NCHW is then the same to every method, to the last random number. A value without a batch axis is one sample.
 */
import type { Tensor } from "../tensor/tensor.ts";
import { isChannel, SPATIAL } from "./axes.ts";
import type { AxisReading, AxisRole } from "./roles.ts";

/** Positions in space or time; tokens, each with its features; values that have no neighbours. */
export type LayoutKind = "space" | "tokens" | "values";

export interface Arrangement {
  readonly kind: LayoutKind;
  /** The value's own axis at each place; −1: an axis of size 1 that it does not have. */
  readonly order: readonly number[];
}

/** `batch`: the axis of samples; undefined where all is one sample. */
export const arrangementOf = (axes: readonly AxisReading[], batch: number | undefined): Arrangement => {
  const rest = axes.flatMap((_, axis) => (axis === batch ? [] : [axis]));
  const among = (is: (role: AxisRole) => boolean) => rest.filter((axis) => is(axes[axis]!.role));
  const space = among((role) => SPATIAL.includes(role)).sort(
    (a, b) => SPATIAL.indexOf(axes[a]!.role) - SPATIAL.indexOf(axes[b]!.role),
  );
  const items = among((role) => role === "token" || role === "node");
  const channels = among(isChannel);
  const known = space.length + items.length + channels.length === rest.length;
  const first = batch ?? -1;
  if (known && space.length > 0 && channels.length <= 1)
    return { kind: "space", order: [first, channels[0] ?? -1, ...items, ...space] };
  if (known && items.length === 1)
    return { kind: "tokens", order: [first, items[0]!, ...(channels.length > 0 ? channels : [-1])] };
  return { kind: "values", order: [first, ...rest] };
};

/** Samples first, all else as it stands. */
export const batchFirst = (rank: number, batch: number | undefined): Arrangement => ({
  kind: "values",
  order: [batch ?? -1, ...Array.from({ length: rank }, (_, axis) => axis).filter((axis) => axis !== batch)],
});

/** Maps with their samples first and behind them the classes they were made for, where there are several (they stand behind the samples, in front without). */
export const mapsFirst = <T extends Tensor>(map: T, batch: number | undefined, several: boolean): T => {
  const classes = several ? (batch ?? -1) + 1 : undefined;
  const rest = [...map.dims.keys()].filter((axis) => axis !== batch && axis !== classes);
  return arranged(map, { kind: "values", order: [batch ?? -1, ...(classes === undefined ? [] : [classes]), ...rest] });
};

/** The same of samples that stand one behind the other, wherever the value's own axis of samples is. */
export const ofSamples = ({ kind, order: [batch = -1, ...rest] }: Arrangement): Arrangement => ({
  kind,
  order: [0, ...rest.map((axis) => (axis < 0 ? axis : batch < 0 || axis < batch ? axis + 1 : axis))],
});

/** Whether all axes stay where they are. */
export const isPlain = ({ order }: Arrangement): boolean => order.every((axis, i) => axis === i);

/** From the value's own order of axes. */
export const arranged = <T extends Tensor>(tensor: T, { order }: Arrangement): T => {
  if (order.every((axis, i) => axis === i)) return tensor;
  const dims = order.map((axis) => (axis < 0 ? 1 : tensor.dims[axis]!));
  return moved(tensor, order, dims);
};

/** Back to it. Axes may have other sizes than the value's: a map has one channel. `more`: axes behind that of the samples, as with K classes. */
export const restored = <T extends Tensor>(tensor: T, { order }: Arrangement, more = 0): T => {
  if (order.every((axis, i) => axis === i)) return tensor;
  const axes = order.map((own, i) => ({ own, at: i === 0 ? 0 : i + more })).filter(({ own }) => own >= 0);
  const sorted = axes.sort((a, b) => a.own - b.own);
  const batch = sorted.findIndex(({ at }) => at === 0);
  const extra = Array.from({ length: more }, (_, k) => k + 1);
  const perm = sorted.map(({ at }) => at);
  perm.splice(batch + 1, 0, ...extra);
  return moved(
    tensor,
    perm,
    perm.map((axis) => tensor.dims[axis]!),
  );
};

/** Axes of size 1 may be left out or put in. */
const moved = <T extends Tensor>(tensor: T, order: readonly number[], dims: readonly number[]): T => {
  const { data } = tensor;
  const strides = tensor.dims.map((_, axis) => tensor.dims.slice(axis + 1).reduce((a, b) => a * b, 1));
  const steps = order.map((axis) => (axis < 0 ? 0 : strides[axis]!));
  const kept = order.filter((axis) => axis >= 0);
  if (kept.every((axis, i) => i === 0 || axis > kept[i - 1]!)) return { ...tensor, dims };
  const out = Array.isArray(data) ? new Array(data.length) : new (data.constructor as Float32ArrayConstructor)(data.length);
  const at = new Uint32Array(dims.length);
  let from = 0;
  for (let i = 0; i < out.length; i++) {
    out[i] = (data as Float32Array)[from]!;
    for (let axis = dims.length - 1; axis >= 0; axis--) {
      from += steps[axis]!;
      if (++at[axis]! < dims[axis]!) break;
      from -= steps[axis]! * dims[axis]!;
      at[axis] = 0;
    }
  }
  return { ...tensor, dims, data: out };
};
