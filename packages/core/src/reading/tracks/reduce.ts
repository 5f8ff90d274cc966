/** Sums, means, maxima along axes; softmax and norms, which mix along an axis and keep it. */
import { getInt } from "../../onnx/attributes.ts";
import { WEIGHT } from "./origins.ts";
import type { Step, Transfer } from "./step.ts";
import { inexact, type Track } from "./track.ts";

export const reduce: Transfer = (step) => {
  const [x] = step.tracks;
  if (x === undefined) return undefined;
  const rank = x.axes.length;
  const given = /^Arg/.test(step.node.opType) ? [step.axis(0)] : step.axes(rank);
  const none = given === undefined || given.length === 0;
  if (none && getInt(step.node, "noop_with_empty_axes", 0) === 1) return x;
  const axes = none ? x.axes.map((_, i) => i) : given;
  tellPooled(step, x, axes);
  const keeps = getInt(step.node, "keepdims", 1) !== 0;
  const left = x.axes.flatMap((axis, i) => (axes.includes(i) ? (keeps ? [[]] : []) : [axis]));
  return step.made(
    left,
    axes.map((i) => x.axes[i]!),
  );
};

/** A mean over two of four axes, or over the middle one of three, runs over positions. */
const tellPooled = (step: Step, { axes: own }: Track, axes: readonly number[]): void => {
  if (step.node.opType !== "ReduceMean" && step.node.opType !== "ReduceMax") return;
  const [first, second] = [...axes].sort((a, b) => a - b) as [number, number];
  if (own.length === 4 && axes.length === 2 && first > 0) {
    step.tell(own[first], "height", step.node.opType, WEIGHT.mean);
    step.tell(own[second], "width", step.node.opType, WEIGHT.mean);
  }
  if (own.length === 3 && axes.length === 1 && first === 1) step.tell(own[1], "time", step.node.opType, WEIGHT.mean);
};

/** `from`: all axes from the one named on (LayerNormalization), or that one alone (Softmax). */
export const along =
  (from: boolean): Transfer =>
  (step) => {
    const [x] = step.tracks;
    if (x === undefined) return step.elementwise();
    const axis = step.axis(-1);
    const touched = x.axes.map((_, i) => (from ? i >= axis : i === axis));
    if (from && x.axes.length === 3 && axis === 2) step.tell(x.axes[2], "channel", step.node.opType, WEIGHT.dense);
    const made = step.made(
      x.axes.map((own, i) => (touched[i] ? inexact(own) : own)),
      x.axes.filter((_, i) => touched[i]),
    );
    return step.node.output.map((name, k) =>
      k === 0 ? made : { ...made, axes: (step.dimsOf(name) ?? []).map((size, i) => (size > 1 ? (made.axes[i] ?? []) : [])) },
    );
  };

/** [T, N, features]: recurrent operators that were not taken apart. */
export const recurrent: Transfer = (step) => {
  const [x] = step.tracks;
  if (x === undefined || x.axes.length !== 3) return undefined;
  const [time, batch, inputs] = x.axes as [Track["axes"][0], Track["axes"][0], Track["axes"][0]];
  step.tell(time, "time", step.node.opType, WEIGHT.recurrent);
  step.tell(batch, "batch", step.node.opType, WEIGHT.recurrent);
  step.tell(inputs, "channel", step.node.opType, WEIGHT.recurrent);
  return step.node.output.map((name) => {
    const dims = step.dimsOf(name) ?? [];
    const state = step.fresh(dims.at(-1), "feature", step.node.opType, WEIGHT.recurrent);
    return step.made(dims.length === 4 ? [inexact(time), [], batch, state] : [[], batch, state], [time, inputs]);
  });
};

/** Each row for itself, whatever is made of it: trees, scalers, transforms of a signal. */
export const byRow: Transfer = (step) => {
  const [x] = step.tracks;
  if (x === undefined || x.axes.length === 0) return undefined;
  const [batch = [], ...rest] = x.axes;
  step.tell(batch, "batch", `rows of ${step.node.opType}`, WEIGHT.dense);
  return step.node.output.map((name) => {
    const dims = step.dimsOf(name) ?? [];
    return dims.length === 0 ? step.made([], x.axes) : step.made([batch, ...dims.slice(1).map((size) => step.fresh(size))], rest);
  });
};
