/** Matrix products: what is summed over is mixed, the rest stands side by side. */
import { getInt, getString } from "../../onnx/attributes.ts";
import { parseEquation } from "../../ops/equation.ts";
import { NOTHING } from "./mix.ts";
import { WEIGHT } from "./origins.ts";
import type { Step, Transfer } from "./step.ts";
import { type Axis, broadcast, inexact, type Track } from "./track.ts";

const WEIGHTS = "rows of a dense layer";

/** Axes of a constant count nothing that is known. */
const plain = (dims: readonly number[], step: Step): Track => ({
  axes: dims.map((size) => (size > 1 ? step.fresh(size) : [])),
  mixed: NOTHING,
  unsure: NOTHING,
});

export const matMul: Transfer = (step) => {
  const [da, db] = [step.inputDims(0), step.inputDims(1)];
  const [a, b] = [step.tracks[0] ?? plain(da, step), step.tracks[1] ?? plain(db, step)];
  if (da.length === 0 || db.length === 0) return undefined;
  if (step.tracks[1] === undefined) tellDense(step, a, db.length);
  const [left, right] = [a.axes.slice(0, -2), b.axes.slice(0, -2)];
  const summed = [a.axes.at(-1)!, db.length === 1 ? b.axes[0]! : b.axes.at(-2)!];
  link(step, summed);
  const rows = da.length === 1 ? [] : [a.axes.at(-2)!];
  const columns = db.length === 1 ? [] : [step.tracks[1] === undefined ? madeBy(step, db.at(-1)!) : b.axes.at(-1)!];
  const batch = [a, b].map((track, i) => ({ ...track, axes: [left, right][i]! }));
  const before = broadcast(batch, step.dims.slice(0, step.dims.length - rows.length - columns.length), step.origins).axes;
  return step.made([...before, ...mixing(step, rows, db), ...columns], summed);
};

/** A square constant in front mixes positions and keeps their number: they stay what they are. */
const mixing = (step: Step, rows: readonly Axis[], db: readonly number[]): readonly Axis[] => {
  const from = step.tracks[1]?.axes.at(-2);
  const da = step.inputDims(0);
  if (step.tracks[0] !== undefined || from === undefined || db.length < 2 || da.at(-2) !== da.at(-1)) return rows;
  if (db.length === 2) step.tell(from, "node", "a constant matrix joins its rows", WEIGHT.graph);
  return [inexact(from)];
};

const madeBy = (step: Step, size: number): Axis => step.fresh(size, "feature", `made by ${step.node.opType}`, WEIGHT.dense);

/** The last axis is weighed; with three axes the one before it runs over positions that share the weights. */
const tellDense = (step: Step, { axes }: Track, rank: number): void => {
  if (rank > 2) return;
  step.tell(axes.at(-1), axes.length > 2 ? "channel" : "feature", "weighed by a dense layer", WEIGHT.dense);
  if (axes.length === 2) step.tell(axes[0], "batch", WEIGHTS, WEIGHT.dense);
  if (axes.length === 3) step.tell(axes[1], "time", "a dense layer is shared along it", WEIGHT.dense);
};

const link = (step: Step, [a, b]: readonly Axis[]): void => {
  if (a?.length === 1 && b?.length === 1 && step.varying.length > 1) step.origins.same(a[0]!.origin, b[0]!.origin);
};

export const gemm: Transfer = (step) => {
  const [a, b] = [0, 1].map((i) => {
    const axes = (step.tracks[i] ?? plain(step.inputDims(i), step)).axes;
    return getInt(step.node, i === 0 ? "transA" : "transB", 0) ? [...axes].reverse() : axes;
  }) as [readonly Axis[], readonly Axis[]];
  if (step.tracks[1] === undefined) {
    step.tell(a[1], "feature", "weighed by a dense layer", WEIGHT.dense);
    step.tell(a[0], "batch", WEIGHTS, WEIGHT.dense);
  }
  link(step, [a[1]!, b[0]!]);
  const columns = step.tracks[1] === undefined ? madeBy(step, step.dims[1]!) : b[1]!;
  const product = step.made([a[0]!, columns], [a[1]!, b[0]!]);
  const [, , c] = step.tracks;
  return c === undefined ? product : broadcast([product, c], step.dims, step.origins);
};

export const einsum: Transfer = (step) => {
  const { inputs, output } = parseEquation(
    getString(step.node, "equation", ""),
    step.node.input.map((_, i) => step.inputDims(i).length),
  );
  const byLetter = new Map<string, Axis>();
  inputs.forEach((letters, i) => {
    letters.forEach((letter, axis) => {
      const own = step.tracks[i]?.axes[axis];
      const known = byLetter.get(letter);
      if (own === undefined || own.length === 0) return;
      if (known === undefined) byLetter.set(letter, own);
      else link(step, [known, own]);
    });
  });
  const summed = [...byLetter].filter(([letter]) => !output.includes(letter)).map(([, axis]) => axis);
  return step.made(
    output.map((letter, i) => byLetter.get(letter) ?? madeBy(step, step.dims[i]!)),
    summed,
  );
};
