/** Perturbations I of infidelity: what the heatmap says they take away, I·Φ, and how they change a sample. */
import { fail } from "../../../errors.ts";
import { eachStretch, type Layout, layoutOf } from "../../../features/layout.ts";
import { sampleOf, widthOf } from "../../../tensor/float.ts";
import { fillingOf } from "../../imputers/index.ts";
import type { Trial } from "../../metric.ts";
import { remove } from "../../removal/drops.ts";
import { spanOf } from "../../removal/span.ts";
import { positionMap } from "../../removal/units.ts";

export interface Perturbations {
  readonly count: number;
  /** I_k·Φ for sample n; NaN where the heatmap has no values for it. */
  dot(n: number, k: number): number;
  /** Changes a copy of sample n to x − I_k. */
  write(n: number, k: number, into: Float32Array): void;
}

/** Streams of the draws. */
const [NOISE, CORNER] = [12, 13];

/**
 * Noise of standard deviation `sigma` × the sample's range on every value; Φ is a local attribution, such as a gradient. `given.perturbations`
 * are [N, J, …]. Errors: BadInput.
 */
export const gaussian = (trial: Trial): Perturbations => {
  const { x, relevance, params, given, ids, random } = trial;
  const [width, samples] = [widthOf(x), x.dims[0]!];
  const made = given?.perturbations;
  const count = made?.dims[1] ?? Number(params.samples);
  if (made !== undefined && (made.dims[0] !== samples || made.data.length !== samples * count * width))
    throw fail("BadInput", {
      what: `perturbations of ${made.dims.join("×")}`,
      why: `the input is ${x.dims.join("×")}`,
      fix: "give them as [samples, perturbations, …]",
    });
  const noise = (n: number, k: number): ArrayLike<number> => {
    const from = (n * count + k) * width;
    if (made !== undefined) return made.data.slice(from, from + width) as ArrayLike<number>;
    const stream = random.stream(ids[n]!, k, NOISE);
    const sigma = Number(params.sigma) * spanOf(sampleOf(x, n));
    return Float32Array.from({ length: width }, () => sigma * stream.normal());
  };
  return {
    count,
    dot: (n, k) => {
      const map = sampleOf(relevance, n);
      // One number a pixel does not say which channel it is about.
      if (map.length !== width) return Number.NaN;
      const values = noise(n, k);
      return map.reduce((sum, phi, i) => sum + phi * values[i]!, 0);
    },
    write: (n, k, into) => {
      const values = noise(n, k);
      for (let i = 0; i < width; i++) into[i]! -= values[i]!;
    },
  };
};

/**
 * A square of positions (a stretch of a series) removed; Φ is a global attribution, such as relevance: its sum over the square. `given.squares`
 * are first corners, [K, axes] or [N, K, axes]. Errors: BadInput, BadRecipe (imputer).
 */
export const square = (trial: Trial): Perturbations => {
  const { x, params, given, ids, random, kind } = trial;
  const layout = layoutOf(x.dims, kind);
  const sides = sidesOf(layout, Number(params.size));
  const axes = sides.length;
  const made = given?.squares;
  const count = made?.dims.at(-2) ?? Number(params.samples);
  if (made !== undefined && made.dims.at(-1) !== axes)
    throw fail("BadInput", {
      what: `squares of ${made.dims.join("×")}`,
      why: `the input has ${axes} axes of positions`,
      fix: "give first corners as [squares, axes] or [samples, squares, axes]",
    });
  const corner = (n: number, k: number): number[] => {
    if (made === undefined) {
      const stream = random.stream(ids[n]!, k, CORNER);
      return sides.map((side, axis) => stream.below(layout.sizes[axis]! - side + 1));
    }
    const from = ((made.dims.length > 2 ? n * count : 0) + k) * axes;
    return Array.from(made.data.slice(from, from + axes) as ArrayLike<number | bigint>, Number);
  };
  const inside = (of: Layout, n: number, k: number): number[] => {
    const at: number[] = [];
    const from = corner(n, k);
    const to = from.map((first, axis) => first + sides[axis]!);
    eachStretch(of, from, to, (start, length) => {
      for (let i = start; i < start + length; i++) at.push(i);
    });
    return at;
  };
  const flat = { ...layout, before: 1, after: 1 };
  const maps = Array.from({ length: x.dims[0]! }, (_, n) => positionMap(trial, n));
  return {
    count,
    dot: (n, k) => inside(flat, n, k).reduce((sum, p) => sum + maps[n]![p]!, 0),
    write: (n, k, into) => remove(into, inside(layout, n, k), fillingOf(trial, String(params.imputer), n, 0)),
  };
};

/** 0: an eighth of each axis. */
const sidesOf = ({ sizes }: Layout, size: number): readonly number[] =>
  sizes.map((length) => Math.min(length, size === 0 ? Math.ceil(length / 8) : size));
