/** Explanations of batches taken apart: one entry for each row of the input, one map for each class explained. */
import {
  type Aim,
  type Arrangement,
  arranged,
  arrangementOf,
  type Beside,
  type Difference,
  type Explanation,
  type FloatTensor,
  type Frame,
  type Ledger,
  type MapNote,
  mapsFirst,
  ofSamples,
  type Plan,
  type Reading,
  type Tensor,
} from "@backlit/core";
import type { Row } from "./batches.ts";
import type { Ordinary } from "./ordinary.ts";
import { classAmong, type RankedClass, type TopOptions, topClasses } from "./top.ts";

export interface ExplainedMap {
  readonly target: RankedClass;
  /** Without batch and class axes, by explained value. */
  readonly relevances: Readonly<Record<string, FloatTensor>>;
  /** What the input became where it is explained inside the graph, by explained value. */
  readonly values?: Readonly<Record<string, Tensor>>;
  readonly layers: Readonly<Record<string, FloatTensor>>;
  readonly ledger?: Ledger;
  /** What must be said of the map before anybody looks at it. */
  readonly note?: MapNote;
  /** What a target found in this sample: a region's pixels, a box, a position. */
  readonly found?: Readonly<Record<string, unknown>>;
  /** Where it stands in a picture, as positions of the output. */
  readonly area?: NonNullable<Aim["area"]>;
  /** Σ|R| as relevance leaves the head: what shares are shares of. */
  readonly leaving?: number;
  /** How far the map is uncertain. */
  readonly spread?: FloatTensor;
  readonly frames?: readonly Frame[];
  /** Of methods that explain a difference from references: the scores it lies between. */
  readonly difference?: Difference;
  /** Numbers the method found by the way. */
  readonly details?: Readonly<Record<string, number>>;
  /** How ordinary the decision is, by value; where prototypes were given. */
  readonly ordinary?: readonly Ordinary[];
}

export interface ExplainedRow extends Row {
  readonly top: readonly RankedClass[];
  /** One, or K of them with `top:K`. */
  readonly maps: readonly ExplainedMap[];
}

const TOP = 5;

/** `several`: K where several classes are explained for each row, even if K is 1. */
export const takeApart = (
  rows: readonly Row[],
  { output, target, aims, relevances, values, layers, ledger, notes, leaving, spread, frames, difference, details }: Explanation,
  several: number | undefined,
  named: Omit<TopOptions, "count">,
  /** B of `A minus B`. */
  rival?: string,
): readonly ExplainedRow[] =>
  target.map((classes, n) => {
    // A batch that cannot be cut is one INPUT of several rows.
    const row = rows[n] ?? { ...rows[0]!, index: n };
    const naming = { ...named, samples: target.length };
    const perRow = several ?? 1;
    const at = (map: FloatTensor, k: number) => cut(map, target.length, several, n, k);
    const maps = Array.from({ length: perRow }, (_, k): ExplainedMap => {
      const size = classes.length / perRow;
      const index = size === 1 ? classes[k]! : classes.slice(k * size, (k + 1) * size).join(",");
      const own = ledger?.[n * perRow + k];
      const aim = aims?.[n]?.[k];
      return {
        target: aim === undefined ? against(classAmong(output, n, naming, index) ?? { index }, rival) : aimed(aim),
        ...(aim?.found && { found: aim.found }),
        ...(aim?.area && { area: aim.area }),
        relevances: mapValues(relevances, (map) => at(map, k)),
        values: mapValues(values, (value) => cut(value as FloatTensor, target.length, undefined, n, 0)),
        layers: mapValues(layers, (map) => at(map, k)),
        ...(own && { ledger: own }),
        ...(notes[n * perRow + k] && { note: notes[n * perRow + k]! }),
        ...(leaving?.[n * perRow + k] !== undefined && { leaving: leaving[n * perRow + k]! }),
        ...(spread && { spread: at(spread, k) }),
        ...(frames && { frames: frames.map((frame) => ({ ...frame, values: at(frame.values as FloatTensor, k) })) }),
        ...(difference?.[n * perRow + k] && { difference: difference[n * perRow + k]! }),
        ...(details && { details: mapValues(details, (values) => values[n * perRow + k]!) }),
      };
    });
    const beside = aims?.[n]?.[0]?.beside;
    return {
      ...row,
      top:
        beside === undefined
          ? topClasses(output, n, { ...naming, count: TOP, beside: perRow === 1 ? maps[0]!.target.index : undefined })
          : beside.map((one) => besideOf(one, aims![n]![0]!)),
      maps,
    };
  });

/** What is no class of the whole output goes by its own name. */
const aimed = ({ name, beside }: Aim): RankedClass => {
  const own = beside?.find((one) => one.own);
  return { index: name, label: name, ...(own && restOf(own)), whole: true };
};

/** What stands beside an aim; the aim itself goes by its own name. */
const besideOf = (one: Beside, aim: Aim): RankedClass =>
  one.own ? aimed(aim) : { index: one.name, label: one.name, ...restOf(one), whole: true };

const restOf = ({
  target,
  box,
  probability,
  value,
  unit,
}: Beside): Pick<RankedClass, "target" | "box" | "probability" | "value" | "unit"> => ({
  ...(target !== undefined && { target }),
  ...(box && { box }),
  ...(probability !== undefined && { probability }),
  ...(value !== undefined && { value }),
  ...(unit !== undefined && { unit }),
});

/** "A minus B" */
const against = (target: RankedClass, rival: string | undefined): RankedClass =>
  rival === undefined ? target : { ...target, label: `${target.label ?? `class ${target.index}`} minus ${rival}`, rival };

/** The same with the samples of every map in front, behind them the classes where `several` are asked for; where all is one sample, an axis of size 1. */
export const samplesFirst = (
  explanation: Explanation,
  { explained, start, output, batchAxis, samples }: Plan,
  several: boolean,
): Explanation => {
  const axisOf = (value: string) => (value === start ? batchAxis : samples.of(value));
  const first = <T extends Tensor>(value: string, map: T, classes = several): T => {
    const folded = axisOf(value) === undefined ? samples.folded?.(value) : undefined;
    if (folded !== undefined) return unfolded(map, folded, explanation.target.length, classes);
    const axis = axisOf(value) ?? (samples.independent ? 0 : undefined);
    return mapsFirst(map, axis, classes);
  };
  const each = <T extends Tensor>(maps: Readonly<Record<string, T>> = {}, classes = several) =>
    Object.fromEntries(Object.entries(maps).map(([name, map]) => [name, first(name, map, classes)]));
  const main = explained[0]!;
  const { relevance, relevances, values, layers, spread, frames } = explanation;
  return {
    ...explanation,
    output: output === start || batchAxis !== 0 ? first(start, explanation.output, false) : explanation.output,
    relevance: first(main, relevance),
    relevances: each(relevances),
    ...(values && { values: each(values, false) }),
    layers: each(layers),
    ...(spread && { spread: first(main, spread) }),
    ...(frames && { frames: frames.map((frame) => ({ ...frame, values: first(main, frame.values) })) }),
  };
};

/** A map whose `axis` counts `rows` samples and their heads: the samples in front, the heads an axis of their own. Classes stand second. */
const unfolded = <T extends Tensor>(map: T, axis: number, rows: number, classes: boolean): T => {
  const at = axis + Number(classes && axis > 0);
  const dims = [...map.dims.slice(0, at), rows, map.dims[at]! / rows, ...map.dims.slice(at + 1)];
  const second = at === 0 ? 2 : 1;
  const lead = [at, ...(classes ? [second] : [])];
  const rest = [...dims.keys()].filter((own) => !lead.includes(own));
  return arranged({ ...map, dims }, { kind: "values", order: [...lead, ...rest] });
};

/** Map k of row n out of [N, …] or [N, K, …]; where another number of things stands in front, all samples share them: [1, …], [A, K, …]. */
const cut = ({ type, dims, data }: FloatTensor, rows: number, several: number | undefined, n: number, k: number): FloatTensor => {
  const perRow = several ?? 1;
  const [front = 1] = dims;
  const inner = dims.slice(several === undefined ? 1 : 2);
  const width = inner.reduce((a, b) => a * b, 1);
  const at = (i: number) => data.subarray((i * perRow + k) * width, (i * perRow + k + 1) * width);
  if (front === rows || front === 1) return { type, dims: inner, data: at(front === 1 ? 0 : n) };
  const all = new Float32Array(front * width);
  for (let i = 0; i < front; i++) all.set(at(i), i * width);
  return { type, dims: [front, ...inner], data: all };
};

/** A map of one sample with its channels before its positions; maps of other ranks stay. */
export const arrangedMap = <T extends Tensor>(map: T, arrangement: Arrangement | undefined): T => {
  const rank = arrangement?.order.filter((axis) => axis >= 0).length;
  const own = (rank ?? 0) - (arrangement !== undefined && arrangement.order[0]! >= 0 ? 1 : 0);
  if (arrangement === undefined || own !== map.dims.length) return map;
  const one = arranged({ ...map, dims: [1, ...map.dims] }, ofSamples(arrangement));
  return { ...one, dims: one.dims.slice(1) };
};

/** How the axes of the explained values lie. */
export const drawingOf = ({ axes }: Reading, { explained, samples }: Plan): Readonly<Record<string, Arrangement>> =>
  Object.fromEntries(explained.map((name) => [name, arrangementOf(axes.of(name) ?? [], samples.of(name))]));

export interface Statistics {
  readonly dims: readonly number[];
  readonly sum: number;
  readonly min: number;
  readonly max: number;
}

/** Σ, least and largest value of a tensor; ±∞ for an empty one. */
export const statistics = ({ dims, data }: Tensor): Statistics => {
  let [sum, min, max] = [0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of data as Float32Array) {
    sum += value;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return { dims, sum, min, max };
};

/** The record with `f` of each value. */
export const mapValues = <A, B>(record: Readonly<Record<string, A>>, f: (value: A) => B): Record<string, B> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, f(value)]));
