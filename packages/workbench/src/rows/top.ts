/** The classes a model ranks first, and what its numbers mean. */
import type { OutputReading, Tensor } from "@backlit/core";
import { classesOf, type Scoring, toFloat32, unravel, wide } from "@backlit/core";

export interface RankedClass {
  /** Position among the output's values; several axes are unravelled: `3,17`. */
  readonly index: number | string;
  readonly label?: string;
  /** The model's own, along the class axis; absent where the file does not say that its numbers are those of classes. */
  readonly probability?: number;
  /** The model's value before a softmax or sigmoid; absent where the model gives only probabilities. */
  readonly logit?: number;
  /** What is neither: a regression, a distance, a score. */
  readonly value?: number;
  /** What the value is, where that is no number of the output itself. */
  readonly unit?: string;
  /** B, where the label is "A minus B". */
  readonly rival?: string;
  /** The label names a number, no class. */
  readonly whole?: true;
  /** The words that ask for it, where the index does not. */
  readonly target?: string;
  /** Of a detection: x1, y1, x2, y2 as the model counts them. */
  readonly box?: readonly [number, number, number, number];
}

export interface TopOptions {
  readonly reading: OutputReading;
  readonly scoring: Scoring;
  readonly labels?: readonly string[] | undefined;
  readonly count?: number;
  /** How many samples the output is of; default: as its axes say. */
  readonly samples?: number;
  /** An index of several axes: the classes at its place (its node, its position) alone; default: of the whole output. */
  readonly beside?: number | string | undefined;
}

type Score = Pick<RankedClass, "probability" | "logit" | "value">;

/** Of one row of an output, the first `count` (default 5). One logit alone is a binary model: its two classes. */
export const topClasses = (output: Tensor, row: number, options: TopOptions): readonly RankedClass[] => {
  const { count = 5, scoring } = options;
  const { values, axes } = rowOf(output, row, options.samples);
  if (scoring.twoClasses) return two(values[0]!, options).slice(0, count);
  const place = options.beside === undefined ? undefined : flatOf(axes, options.beside);
  const range = place === undefined || wide(axes).length < 2 ? undefined : classesOf(axes, place, scoring);
  if (range === undefined) {
    const found = largest(values, scoring.sign, count).map((i) => described(values, axes, i, options));
    // Of several places the largest value is not the largest share of its place: the list goes by what it prints.
    return found.sort((a, b) => (b.probability ?? 0) - (a.probability ?? 0));
  }
  const there = Float32Array.from({ length: range.count }, (_, k) => values[range.from + k * range.step]!);
  return largest(there, scoring.sign, count).map((k) => described(values, axes, range.from + k * range.step, options));
};

/** One of them by its index; undefined where no value stands there. */
export const classAmong = (output: Tensor, row: number, options: TopOptions, index: number | string): RankedClass | undefined => {
  const { values, axes } = rowOf(output, row, options.samples);
  if (options.scoring.twoClasses) return two(values[0]!, options).find((one) => one.index === index);
  const flat = flatOf(axes, index);
  return flat === undefined ? undefined : described(values, axes, flat, options);
};

/** Where an index points to, one number for each axis that is wide; undefined where nothing stands there. */
const flatOf = (axes: readonly number[], index: number | string): number | undefined => {
  const sizes = wide(axes);
  const at = String(index).split(",").map(Number);
  if (at.length !== Math.max(1, sizes.length) || at.some((i, axis) => !(i >= 0 && i < (sizes[axis] ?? 1)))) return undefined;
  return at.reduce((flat, i, axis) => flat * (sizes[axis] ?? 1) + i, 0);
};

const rowOf = (
  output: Tensor,
  row: number,
  samples?: number,
): { readonly values: Float32Array; readonly axes: readonly number[] } => {
  const rows = samples ?? (output.dims.length > 1 ? output.dims[0]! : 1);
  const all = toFloat32(output).data as Float32Array;
  const width = all.length / rows;
  return {
    values: all.subarray(row * width, (row + 1) * width),
    axes: output.dims.length > 1 || rows > 1 ? output.dims.slice(1) : output.dims,
  };
};

/** Places of the `count` largest, the first on ties, without sorting all. */
const largest = (values: Float32Array, sign: number, count: number): readonly number[] => {
  const best: number[] = [];
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (best.length >= count && !(sign * value > sign * values[best.at(-1)!]!)) continue;
    let at = best.length;
    while (at > 0 && sign * value > sign * values[best[at - 1]!]!) at--;
    best.splice(at, 0, i);
    if (best.length > count) best.pop();
  }
  return best;
};

const described = (
  values: Float32Array,
  axes: readonly number[],
  i: number,
  { reading, scoring, labels }: TopOptions,
): RankedClass => {
  const named = wide(axes);
  const at = unravel(i, named);
  const label = labels?.[named.length < 2 ? i : (at[namedClassAxis(axes, scoring)] ?? -1)];
  return {
    index: named.length < 2 ? i : at.join(","),
    ...(label === undefined ? numberNamed(reading, values.length === 1 ? "" : `[${at.join(",")}]`) : { label }),
    ...scoreOf(values, axes, i, reading, scoring),
  };
};

/** What is no class goes by the output's name, with the sign that is explained. */
const numberNamed = ({ kind, classes, sign, output }: OutputReading, at: string): Pick<RankedClass, "label" | "whole"> =>
  classes ? {} : { label: `${kind === "outlier-score" && sign < 0 ? "-" : ""}${output}${at}`, whole: true };

/** Where the class axis stands among the axes that an index names. */
const namedClassAxis = (axes: readonly number[], { classAxis = -1 }: Scoring): number =>
  classAxis < 0 ? -1 : axes.slice(0, classAxis).filter((n) => n !== 1).length;

const scoreOf = (
  values: Float32Array,
  axes: readonly number[],
  i: number,
  { kind, guessed, sign }: OutputReading,
  scoring: Scoring,
): Score => {
  const value = values[i]!;
  if (kind === "outlier-score") return { value: sign * value };
  if (kind === "probabilities") return { probability: value };
  if (kind === "log-probabilities") return { probability: Math.exp(value) };
  if (kind !== "logits") return { value };
  const range = classesOf(axes, i, scoring);
  if (guessed || range === undefined) return { logit: value };
  let [peak, sum] = [Number.NEGATIVE_INFINITY, 0];
  for (let k = 0, at = range.from; k < range.count; k++, at += range.step) if (values[at]! > peak) peak = values[at]!;
  for (let k = 0, at = range.from; k < range.count; k++, at += range.step) sum += Math.exp(values[at]! - peak);
  return { probability: Math.exp(value - peak) / sum, logit: value };
};

const two = (value: number, { reading, labels }: TopOptions): readonly RankedClass[] => {
  const { kind, link } = reading;
  if (kind === "values") return [{ index: 1, ...numberNamed(reading, ""), value }];
  const logits = kind === "one-logit" || kind === "scores";
  const p = logits ? 1 / (1 + Math.exp(-value)) : link.log ? Math.exp(value) : value;
  const named = (index: 0 | 1, probability: number, z: number): RankedClass => ({
    index,
    ...(labels?.[index] !== undefined && { label: labels[index] }),
    ...(kind === "scores" ? { value: z } : { probability }),
    ...(kind === "one-logit" && { logit: z }),
  });
  const both = [named(0, 1 - p, -value), named(1, p, value)] as const;
  return p > 0.5 ? [both[1], both[0]] : both;
};

/** "tabby (281)", "class 3", "7" */
export const titleOf = ({ index, label, whole }: RankedClass): string => {
  if (label === undefined) return `class ${index}`;
  return whole || label === String(index) ? label : `${label} (${index})`;
};

/** The class that wins where another one is explained; nothing for numbers, differences and things at a place. */
export const winnerBeside = ([first]: readonly RankedClass[], target: RankedClass): RankedClass | undefined =>
  first === undefined || first.whole || target.whole || target.rival !== undefined || String(first.index) === String(target.index)
    ? undefined
    : first;
