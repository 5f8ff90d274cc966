/** Inputs close to a sample, and how far its map is from theirs. */

import type { MethodParameter } from "../../../cards/parameters.ts";
import { fail } from "../../../errors.ts";
import { type FloatTensor, sampleOf, widthOf } from "../../../tensor/float.ts";
import type { Trial } from "../../metric.ts";
import { spanOf } from "../../removal/span.ts";

export const NEIGHBOURS: Readonly<Record<string, MethodParameter>> = {
  samples: { what: "inputs drawn close to each sample", default: 10, min: 1, max: 10_000, integer: true },
  radius: {
    what: "how far a value may move, as a share of the sample's range (max − min); every value is drawn uniformly",
    default: 0.02,
    min: 0,
    max: 10,
  },
};

/** What is divided by is at least this (ε_min of Agarwal et al. 2022). */
export const LEAST = 1e-6;

/** Stream of the moves. */
const KEY = 14;

export interface Moves {
  readonly count: number;
  /** Of neighbour k of sample n, in the shape of the sample. */
  of(n: number, k: number): ArrayLike<number>;
}

/** `given.perturbations`, [J, N, …], or uniform in a ball of the maximum norm; not clipped. Errors: BadInput. */
export const movesOf = ({ x, params, given, ids, random }: Trial): Moves => {
  const width = widthOf(x);
  const made = given?.perturbations;
  if (made !== undefined) {
    const count = made.dims[0]!;
    if (made.dims[1] !== x.dims[0] || made.data.length !== count * x.data.length)
      throw fail("BadInput", {
        what: `perturbations of ${made.dims.join("×")}`,
        why: `the input is ${x.dims.join("×")}`,
        fix: "give them as [perturbations, samples, …]",
      });
    return {
      count,
      of: (n, k) => made.data.slice((k * x.dims[0]! + n) * width, (k * x.dims[0]! + n + 1) * width) as ArrayLike<number>,
    };
  }
  return {
    count: Number(params.samples),
    of: (n, k) => {
      const stream = random.stream(ids[n]!, k, KEY);
      const reach = Number(params.radius) * spanOf(sampleOf(x, n));
      return Float32Array.from({ length: width }, () => reach * (2 * stream.next() - 1));
    },
  };
};

/** Names the draw: what depends on it alone is kept by it. */
export const drawOf = ({ params: { samples, radius } }: Trial) => ({ samples, radius });

/** A sample moved in each way, one a row. */
const movedBy = (moves: readonly ArrayLike<number>[], x: FloatTensor, n: number): FloatTensor => {
  const sample = sampleOf(x, n);
  const data = new Float32Array(moves.length * sample.length);
  for (const [k, move] of moves.entries())
    for (let i = 0; i < sample.length; i++) data[k * sample.length + i] = sample[i]! + move[i]!;
  return { type: "float32", dims: [moves.length, ...x.dims.slice(1)], data };
};

/**
 * Maps of other inputs of sample n, explained for its class: `given.explanations`, [J, N, …], else by the method under test. A sample's inputs
 * go through together and alone, so that other samples do not matter. Errors: BadRecipe where only finished maps are judged; BadInput; those of `explain`.
 */
export const mapsOf = async (trial: Trial, inputs: FloatTensor, n: number): Promise<(k: number) => ArrayLike<number>> => {
  const { relevance, given, explaining } = trial;
  const width = widthOf(relevance);
  const [count, samples] = [inputs.dims[0]!, relevance.dims[0]!];
  const made = given?.explanations;
  if (made !== undefined) {
    if (made.data.length !== count * samples * width)
      throw fail("BadInput", {
        what: `explanations of ${made.dims.join("×")}`,
        why: `there are ${count} inputs a sample, and maps of ${relevance.dims.join("×")}`,
        fix: "give them as [inputs, samples, …]",
      });
    return (k) => made.data.slice((k * samples + n) * width, (k * samples + n + 1) * width) as ArrayLike<number>;
  }
  if (explaining === undefined)
    throw fail("BadRecipe", {
      what: "a robustness metric explains changed inputs",
      why: "there is nothing to explain them with, only finished maps, or what is explained is no input",
      fix: "evaluate a method on a model of one input, or give the maps as explanations",
    });
  const maps = await explaining.maps(inputs, Array<number>(count).fill(n));
  return (k) => sampleOf(maps, k);
};

/** Of each neighbour. */
export interface Distances {
  /** ‖x′ − x‖₂ */
  readonly input: Float64Array;
  /** ‖(x − x′) / x‖₂ */
  readonly relativeInput: Float64Array;
  /** ‖Φ(x′) − Φ(x)‖₂ */
  readonly map: Float64Array;
  /** ‖(Φ(x) − Φ(x′)) / Φ(x)‖₂ */
  readonly relativeMap: Float64Array;
}

/** By sample. One round of explanations serves all metrics with these neighbours. */
export const distancesOf = (trial: Trial): Promise<readonly Distances[]> =>
  trial.memo.once({ neighbours: drawOf(trial) }, async () => {
    const { count, of } = movesOf(trial);
    const all: Distances[] = [];
    for (let n = 0; n < trial.x.dims[0]!; n++) {
      const moves = Array.from({ length: count }, (_, k) => of(n, k));
      const maps = await mapsOf(trial, movedBy(moves, trial.x, n), n);
      const [sample, map] = [sampleOf(trial.x, n), sampleOf(trial.relevance, n)];
      const changes = moves.map((_, k) => minus(maps(k), map));
      all.push({
        input: Float64Array.from(moves, norm),
        relativeInput: Float64Array.from(moves, (move) => relativeNorm(move, sample)),
        map: Float64Array.from(changes, norm),
        relativeMap: Float64Array.from(changes, (change) => relativeNorm(change, map)),
      });
    }
    return all;
  });

export const norm = (a: ArrayLike<number>): number => {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * a[i]!;
  return Math.sqrt(sum);
};

/** ‖a / b‖₂, element by element; zeros of b count as LEAST. */
export const relativeNorm = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  norm(Float64Array.from(a, (value, i) => value / (b[i] === 0 ? LEAST : b[i]!)));

export const minus = (a: ArrayLike<number>, b: ArrayLike<number>): Float64Array =>
  Float64Array.from(a, (value, i) => value - b[i]!);
