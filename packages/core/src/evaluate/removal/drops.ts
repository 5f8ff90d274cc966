/**
 * Falls of the score, f(x) − f(x̃), for many changed copies x̃ of each sample. What is changed does not depend on the heatmap, so one run
 * serves all methods.
 */

import { ownRows } from "../../oracle/rows.ts";
import { sampleOf } from "../../tensor/float.ts";
import type { Filling } from "../imputers/imputer.ts";
import { fillingOf } from "../imputers/index.ts";
import type { MeasuredCurve, Trial } from "../metric.ts";
import { type EvaluationScore, readScores, SCORES } from "./score.ts";
import type { Units } from "./unit.ts";

/** By sample, one number a copy. */
export type Drops = Readonly<Record<EvaluationScore, readonly Float64Array[]>>;

export interface Copies {
  /** How many of sample n. */
  count(n: number): number;
  /** Changes copy k of sample n; `into` holds the sample. */
  write(n: number, k: number, into: Float32Array): void;
}

/** Runs the copies once a key. Errors: Runtime, Aborted. */
export const dropsOf = (trial: Trial, key: unknown, copies: () => Copies): Promise<Drops> =>
  trial.shared.once({ drops: key }, async () => {
    const { x, model } = trial;
    const { count, write } = copies();
    const before = await untouched(trial);
    const counts = Array.from({ length: model.samples }, (_, n) => count(n));
    const samples = Uint32Array.from(counts.flatMap((size, n) => Array<number>(size).fill(n)));
    const first = counts.map((_, n) => counts.slice(0, n).reduce((a, b) => a + b, 0));
    const read = new Float64Array(SCORES.length);
    const drops = everyScore(() => counts.map((size) => new Float64Array(size)));
    await model.scores(
      {
        count: samples.length,
        sample: (row) => samples[row]!,
        write: (row, into) => {
          const n = samples[row]!;
          into.set(sampleOf(x, n));
          write(n, row - first[n]!, into);
        },
      },
      (row, { logits }) => {
        const n = samples[row]!;
        readScores(model, logits, model.judged(n), read, 0);
        SCORES.forEach((score, s) => {
          drops[score][n]![row - first[n]!] = before[score][n]! - read[s]!;
        });
      },
    );
    return drops;
  });

/** Scores of the samples as they are. */
export const untouched = (trial: Trial): Promise<Readonly<Record<EvaluationScore, Float64Array>>> =>
  trial.shared.once("scores of the untouched samples", async () => {
    const { x, model } = trial;
    const scores = everyScore(() => new Float64Array(model.samples));
    const read = new Float64Array(SCORES.length);
    await model.scores(ownRows(x), (n, { logits }) => {
      readScores(model, logits, model.judged(n), read, 0);
      SCORES.forEach((score, s) => {
        scores[score][n] = read[s]!;
      });
    });
    return scores;
  });

/** Each unit of each sample removed alone, in one repeat of the imputer. Errors: BadRecipe (imputer), Runtime, Aborted. */
export const singleDrops = (trial: Trial, units: readonly Units[], repeat: number): Promise<Drops> => {
  const { unit, imputer } = trial.params;
  return dropsOf(trial, { single: unit, imputer, repeat }, () => ({
    count: (n) => units[n]!.count,
    write: (n, u, into) => remove(into, valuesOf(units[n]!, [u]), fillingOf(trial, String(imputer), n, repeat)),
  }));
};

/** Positions in a sample of all values of some units. */
export const valuesOf = ({ values, from }: Units, chosen: ArrayLike<number>): number[] => {
  const all: number[] = [];
  for (let i = 0; i < chosen.length; i++)
    for (let at = from[chosen[i]!]!; at < from[chosen[i]! + 1]!; at++) all.push(values[at]!);
  return all;
};

/** Puts the imputer's values in place of some values of a copy of its sample. */
export const remove = (into: Float32Array, values: readonly number[], filling: Filling): void => {
  if (filling.kind === "snapshot") {
    for (const v of values) into[v] = filling.values[v]!;
    return;
  }
  const removed = new Uint8Array(into.length);
  for (const v of values) removed[v] = 1;
  filling.fill(into, removed);
};

/** Lists of one number a copy, shown along their numbers. */
export const listed = (values: readonly Float64Array[]): MeasuredCurve => ({
  at: values.map(({ length }) => Float64Array.from({ length }, (_, k) => k)),
  values,
});

const everyScore = <T>(make: () => T): Record<EvaluationScore, T> =>
  Object.fromEntries(SCORES.map((score) => [score, make()])) as Record<EvaluationScore, T>;
