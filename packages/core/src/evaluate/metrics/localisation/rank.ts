/** Localisation by the order of relevance: which positions are the most relevant, whatever their values. */

import { ranksOf } from "../../../numeric/correlation.ts";
import { orderOf } from "../../removal/order.ts";
import type { Placed } from "./object.ts";

/** Share of the `count` most relevant positions that lie inside; of equal ones the first come first. */
export const topShare = ({ map, inside, size }: Placed, count: number): number => {
  if (size === 0) return Number.NaN;
  const top = orderOf(map, "morf").subarray(0, count);
  return top.reduce((hits, i) => hits + inside[i]!, 0) / top.length;
};

/** P(R inside > R outside) + ½ P(=), by average ranks (Mann and Whitney). NaN where one side is empty. */
export const aucOf = ({ map, inside, size }: Placed): number => {
  const outside = map.length - size;
  if (size === 0 || outside === 0) return Number.NaN;
  const sum = ranksOf(map).reduce((total, rank, i) => total + rank * inside[i]!, 0);
  return (sum - (size * (size + 1)) / 2) / (size * outside);
};

/** Share of the tied maxima that lie inside, or no further than `tolerance` positions from it. */
export const pointing = ({ map, inside, size, sizes }: Placed, tolerance: number): number => {
  if (size === 0) return Number.NaN;
  const peak = map.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  let [peaks, hits] = [0, 0];
  map.forEach((value, i) => {
    if (value !== peak) return;
    peaks += 1;
    if (inside[i] === 1 || (tolerance > 0 && near(i, inside, sizes, tolerance))) hits += 1;
  });
  return hits / peaks;
};

/** Whether some position inside lies within a distance of one. */
const near = (at: number, inside: Uint8Array, sizes: readonly number[], distance: number): boolean => {
  const here = placeOf(at, sizes);
  return inside.some(
    (is, i) => is === 1 && placeOf(i, sizes).reduce((sum, c, axis) => sum + (c - here[axis]!) ** 2, 0) <= distance ** 2,
  );
};

const placeOf = (at: number, sizes: readonly number[]): number[] => {
  const place: number[] = [];
  let rest = at;
  for (let axis = sizes.length - 1; axis >= 0; axis--) {
    place.push(rest % sizes[axis]!);
    rest = Math.floor(rest / sizes[axis]!);
  }
  return place;
};
