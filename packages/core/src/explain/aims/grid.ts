/** Classes at positions: which axes of the explained values count classes, and where one of them stands. */
import { fail } from "../../errors.ts";
import type { Place } from "../../oracle/aim.ts";
import type { Scene } from "./scene.ts";

export interface Grid {
  /** Number of classes; one logit a position stands for two. */
  readonly classes: number;
  readonly binary: boolean;
  /** Sizes of the axes that count positions, those of size 1 left out. */
  readonly positions: readonly number[];
  readonly count: number;
  /** The place of a class at a position, counted row by row. */
  place(index: number, position: number): Place;
  /** The class that wins there. */
  winner(sample: number, position: number): number;
  /** Whether a class wins there; labels of their own win by themselves. */
  wins(sample: number, index: number, position: number): boolean;
}

/** Errors: BadTarget, where the output has no positions. */
export const gridOf = ({ sizes, scoring, values, plan }: Scene): Grid => {
  const { classAxis } = scoring;
  const count = classAxis === undefined ? 1 : sizes[classAxis]!;
  const others = sizes.flatMap((_, axis) => (axis === classAxis ? [] : [axis]));
  const wide = others.filter((axis) => sizes[axis] !== 1);
  // A sequence of one token has one position.
  const axes = wide.length === 0 && others.length === 1 && classAxis !== undefined ? others : wide;
  if (axes.length === 0)
    throw fail("BadTarget", {
      what: "a target with a position",
      why: `output '${plan.output}' has none: its sizes are ${sizes.join("×") || 1}`,
      fix: "name a class",
    });
  const strides = sizes.map((_, axis) => sizes.slice(axis + 1).reduce((a, b) => a * b, 1));
  const positions = axes.map((axis) => sizes[axis]!);
  const width = sizes.reduce((a, b) => a * b, 1);
  const step = classAxis === undefined ? 0 : strides[classAxis]!;
  const binary = count === 1;
  const offset = (position: number): number => {
    let [at, rest] = [0, position];
    for (let k = axes.length - 1; k >= 0; k--) {
      at += (rest % positions[k]!) * strides[axes[k]!]!;
      rest = Math.floor(rest / positions[k]!);
    }
    return at;
  };
  const even = scoring.link === "mixture" ? (scoring.log ? Math.log(0.5) : 0.5) : 0;
  const at = (sample: number, i: number) => values.data[sample * width + i]!;
  const winner = (sample: number, position: number): number => {
    const from = offset(position);
    if (binary) return Number(at(sample, from) > even);
    let best = 0;
    for (let k = 1; k < count; k++)
      if (scoring.sign * at(sample, from + k * step) > scoring.sign * at(sample, from + best * step)) best = k;
    return best;
  };
  return {
    classes: binary ? 2 : count,
    binary,
    positions,
    count: positions.reduce((a, b) => a * b, 1),
    place: (index, position) => ({
      at: offset(position) + (binary ? 0 : index * step),
      weight: 1,
      ...(binary && index === 0 && { turned: true as const }),
    }),
    winner,
    wins: (sample, index, position) =>
      scoring.link === "sigmoid" && !binary
        ? at(sample, offset(position) + index * step) > even
        : winner(sample, position) === index,
  };
};

/** Errors: BadTarget. */
export const checkedClass = (grid: Grid, index: number): number => {
  if (Number.isInteger(index) && index >= 0 && index < grid.classes) return index;
  throw fail("BadTarget", { what: `class ${index}`, why: `classes run from 0 to ${grid.classes - 1}` });
};

/** From an index for each axis of positions. Errors: BadTarget. */
export const positionOf = ({ positions }: Grid, index: readonly number[], what: string): number => {
  if (index.length !== positions.length)
    throw fail("BadTarget", {
      what,
      why: `the output has ${positions.length === 1 ? `${positions[0]} positions along one axis` : `positions along ${positions.length} axes (${positions.join("×")})`}`,
      fix: `give ${positions.length === 1 ? "one index" : "one index for each"}`,
    });
  index.forEach((i, axis) => {
    if (!Number.isInteger(i) || i < 0 || i >= positions[axis]!)
      throw fail("BadTarget", {
        what,
        why: `positions run from 0 to ${positions[axis]! - 1}${positions.length > 1 ? ` along axis ${axis}` : ""}`,
      });
  });
  return index.reduce((at, i, axis) => at * positions[axis]! + i, 0);
};
