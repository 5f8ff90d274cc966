/** What is followed of a value: the origins its axes come from, and those it mixes. */
import { type Mix, union } from "./mix.ts";
import type { Origins, Part } from "./origins.ts";

export type Axis = readonly Part[];

export interface Track {
  /** Axis by axis; an axis of size 1 may have no part. */
  readonly axes: readonly Axis[];
  /** Origins of which one element depends on several indices: summed over, normalised along, picked from. */
  readonly mixed: Mix;
  /** Origins that went through operators nobody has told the reading about. */
  readonly unsure: Mix;
}

export const withMixed = (track: Track, parts: readonly Part[]): Track =>
  parts.length === 0
    ? track
    : {
        ...track,
        mixed: union(
          [track.mixed],
          parts.map(({ origin }) => origin),
        ),
      };

export const inexact = (axis: Axis): Axis => axis.map((part) => (part.exact ? { ...part, exact: false } : part));

/** Axes of two or more values that are aligned at their ends and stretch (as in NumPy), element by element. */
export const broadcast = (tracks: readonly Track[], dims: readonly number[], origins: Origins): Track => {
  const axes = dims.map((size, i) => {
    const own = tracks.flatMap(({ axes }) => {
      const axis = axes[i - (dims.length - axes.length)];
      return axis !== undefined && axis.length > 0 && (size === 1 || sizeOf(axis) === size) ? [axis] : [];
    });
    const [first, ...others] = own.sort((a, b) => b.length - a.length);
    if (first === undefined) return size > 1 ? [origins.fresh(size)] : [];
    // Parts of size 1 that came in by a Reshape are no difference.
    const main = large(first);
    const alike = others
      .map(large)
      .filter((other) => other.length === main.length && other.every(({ size }, k) => size === main[k]!.size));
    for (const other of alike) for (const [k, { origin }] of other.entries()) origins.same(origin, main[k]!.origin);
    return first.map((part) => {
      const k = main.indexOf(part);
      return { ...part, exact: part.exact && (k < 0 || alike.every((other) => other[k]!.exact)) };
    });
  });
  return { axes, mixed: union(tracks.map(({ mixed }) => mixed)), unsure: union(tracks.map(({ unsure }) => unsure)) };
};

/** Parts of more than one element, where there are some. */
export const large = (axis: Axis): Axis => {
  const parts = axis.filter(({ size }) => size > 1);
  return parts.length > 0 ? parts : axis;
};

const sizeOf = (axis: Axis): number => axis.reduce((size, part) => size * part.size, 1);
