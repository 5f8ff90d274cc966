/** Curves of many samples on one axis: mean, median, quartiles. */
import { quantileOf } from "../../numeric/quantile.ts";

import type { CurveBand, CurveTable } from "../result.ts";
import type { ChunkResult } from "./chunk-result.ts";

const PLACES = 101;

interface Curve {
  readonly at: readonly number[];
  readonly values: readonly number[];
}

/** A curve of at most 101 places; longer ones are read at equal distances. */
export const thinned = (at: ArrayLike<number>, values: ArrayLike<number>): Curve => {
  if (at.length <= PLACES) return { at: Array.from(at), values: Array.from(values) };
  const places = evenly(at[0]!, at[at.length - 1]!);
  return { at: places, values: places.map((place) => readAt(at, values, place)) };
};

/** `results`: by method, then chunk. Undefined curves are empty and left out; where a method has no other, so is the table. */
export const curveTable = (setting: number, results: readonly (readonly ChunkResult[])[]): CurveTable[] =>
  [...new Set(results.flatMap(([first]) => Object.keys(first!.curves)))].flatMap((curve) => {
    const all = results.map((chunks) =>
      chunks
        .flatMap(({ curves: { [curve]: own } }) => own?.at.map((at, n): Curve => ({ at, values: own.values[n]! })) ?? [])
        .filter(({ at }) => at.length > 0),
    );
    if (all.some(({ length }) => length === 0)) return [];
    const at = axisOf(all.flat());
    return [{ setting, curve, at, methods: all.map((curves) => bandOf(curves, at)) }];
  });

/** The places themselves where all curves share them. */
const axisOf = (curves: readonly Curve[]): readonly number[] => {
  const { at } = curves[0]!;
  if (curves.every((other) => other.at.length === at.length && other.at.every((place, k) => place === at[k]))) return at;
  const [low, high] = [(a: number, b: number) => Math.min(a, b), (a: number, b: number) => Math.max(a, b)];
  return evenly(curves.map((of) => of.at[0]!).reduce(low), curves.map((of) => of.at.at(-1)!).reduce(high));
};

const evenly = (from: number, to: number): number[] =>
  Array.from({ length: PLACES }, (_, i) => from + ((to - from) * i) / (PLACES - 1));

const bandOf = (curves: readonly Curve[], at: readonly number[]): CurveBand => {
  const columns = at.map((place) => Float64Array.from(curves, (curve) => readAt(curve.at, curve.values, place)).sort());
  const quantile = (share: number) => columns.map((sorted) => quantileOf(sorted, share));
  return {
    mean: columns.map((sorted) => sorted.reduce((a, b) => a + b, 0) / sorted.length),
    median: quantile(0.5),
    low: quantile(0.25),
    high: quantile(0.75),
  };
};

/** The piecewise linear curve at a place; its ends reach on. */
const readAt = (at: ArrayLike<number>, values: ArrayLike<number>, place: number): number => {
  let [low, high] = [0, at.length - 1];
  if (place <= at[low]!) return values[low]!;
  if (place >= at[high]!) return values[high]!;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (at[middle]! <= place) low = middle;
    else high = middle;
  }
  const share = (place - at[low]!) / (at[high]! - at[low]!);
  return values[low]! + share * (values[high]! - values[low]!);
};
