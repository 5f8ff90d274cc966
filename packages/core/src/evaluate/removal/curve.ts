/**
 * The perturbation engine: removes the units of each sample in an order, asks the model on the way, and hands back curves. All rows of
 * all curves asked for together go through the model in full batches; the untouched and the wholly removed sample run once.
 */

import { runnerUpAim } from "../../oracle/aim.ts";
import { isAim, type Judged } from "../../oracle/oracle.ts";
import { runnerUpOf } from "../../oracle/score.ts";
import { sampleOf } from "../../tensor/float.ts";
import type { Filling } from "../imputers/imputer.ts";
import { fillingOf } from "../imputers/index.ts";
import type { MeasuredCurve, Trial } from "../metric.ts";
import { type EvaluationScore, readScore, readScores, SCORES } from "./score.ts";
import type { Units } from "./unit.ts";

export interface CurveAsk {
  readonly units: readonly Units[];
  /** Of each sample: units in the order of their removal. */
  readonly orders: readonly Uint32Array[];
  /** Of each sample: counts of removed units, ascending. */
  readonly checkpoints: readonly (readonly number[])[];
  readonly imputer: string;
  /** Draws of the imputer; scores are averaged over them. Default 1. */
  readonly repeats?: number;
  /** Begin with everything removed and put units back. */
  readonly insertion?: boolean;
}

export interface Curves {
  /** Share of a sample's positions that were removed (put back), by sample. */
  readonly at: readonly Float64Array[];
  /** Of each sample's class, by sample; read when asked for, since few want all. */
  scores(score: EvaluationScore): readonly Float64Array[];
  /** Probabilities of the class that comes second on the untouched sample; NaN unless asked for. */
  readonly runnerUp: readonly Float64Array[];
}

/** Results of a row: the four scores, then the runner-up's probability. */
type Marks = Float64Array;
const WIDTH = SCORES.length + 1;

/** A sample under one order and one draw of the imputer: writes itself with so many of its values changed. */
interface Piece {
  readonly sample: number;
  write(into: Float32Array, changed: number): void;
}

/** Where marks are found: in those of this call, by row, or in kept ones. */
type Place = number | Marks;

/** The rows of a call: a piece each, and how much of it is changed. */
class Rows {
  readonly pieces: Piece[] = [];
  readonly changed: number[] = [];
  marks: Marks = new Float64Array(0);

  add(piece: Piece, changed: number): number {
    this.changed.push(changed);
    return this.pieces.push(piece) - 1;
  }

  at(place: Place, score: number): number {
    return typeof place === "number" ? this.marks[place * WIDTH + score]! : place[score]!;
  }
}

/** `runnerUp`: follow the second class, too. Errors: BadRecipe (imputer), Runtime, Aborted. */
export const curvesOf = async (
  trial: Trial,
  asks: readonly CurveAsk[],
  { runnerUp = false }: { readonly runnerUp?: boolean } = {},
): Promise<readonly Curves[]> => {
  const rows = new Rows();
  // Kept for later calls only once they ran: a call may end in an error.
  const ran = trial.shared.once("marks of rows that ran", () => new Map<string, Marks>());
  const begun = new Map<string, number>();
  const once: Once = (key, piece, changed) => {
    const name = `${key} ${runnerUp}`;
    const known = ran.get(name) ?? begun.get(name);
    if (known !== undefined) return known;
    const row = rows.add(piece, changed);
    begun.set(name, row);
    return row;
  };
  const second = runnerUp ? await runnersUp(trial) : [];
  const planned = asks.map((ask) => ask.orders.map((_, n) => planOf(trial, ask, n, rows, once)));
  const { pieces, changed } = rows;
  rows.marks = new Float64Array(pieces.length * WIDTH);
  const { model } = trial;
  await model.scores(
    { count: pieces.length, sample: (k) => pieces[k]!.sample, write: (k, into) => pieces[k]!.write(into, changed[k]!) },
    (k, { logits }) => {
      const { sample } = pieces[k]!;
      readScores(model, logits, model.judged(sample), rows.marks, k * WIDTH);
      const other = second[sample];
      rows.marks[k * WIDTH + SCORES.length] = other === undefined ? Number.NaN : readScore(model, logits, other, "probability");
    },
  );
  for (const [name, k] of begun) ran.set(name, rows.marks.slice(k * WIDTH, (k + 1) * WIDTH));
  return planned.map((samples) => {
    const means = (score: number) => samples.map(({ places }) => averaged(rows, places, score));
    return {
      at: samples.map(({ at }) => at),
      scores: (score) => means(SCORES.indexOf(score)),
      runnerUp: means(SCORES.length),
    };
  });
};

type Once = (key: string, piece: Piece, changed: number) => Place;

interface Planned {
  /** Share of the values that are changed, by checkpoint. */
  readonly at: Float64Array;
  /** Of every repeat and checkpoint. */
  readonly places: readonly (readonly Place[])[];
}

/** Where the marks of sample n will be. */
const planOf = (trial: Trial, ask: CurveAsk, n: number, rows: Rows, once: Once): Planned => {
  const { imputer, repeats = 1, insertion = false } = ask;
  const { values, end } = sequenceOf(ask.units[n]!, ask.orders[n]!);
  const total = values.length;
  const places = Array.from({ length: repeats }, (_, repeat) => {
    const piece = pieceOf(trial, n, values, fillingOf(trial, imputer, n, repeat), insertion);
    return ask.checkpoints[n]!.map((k) => {
      const changed = end[k]!;
      if (changed === (insertion ? total : 0)) return once(`untouched ${n}`, piece, changed);
      if (changed === (insertion ? 0 : total)) return once(`gone ${n} ${imputer} ${repeat}`, piece, changed);
      return rows.add(piece, changed);
    });
  });
  return { at: Float64Array.from(ask.checkpoints[n]!, (k) => end[k]! / total), places };
};

const pieceOf = (trial: Trial, n: number, values: Uint32Array, filling: Filling, insertion: boolean): Piece => {
  const x = sampleOf(trial.x, n);
  const total = values.length;
  return {
    sample: n,
    write: (into, changed) => {
      const [from, to] = insertion ? [changed, total] : [0, changed];
      if (filling.kind === "snapshot") mix(into, x, filling.values, values, from, to);
      else {
        into.set(x);
        if (from === to) return;
        const mask = new Uint8Array(total);
        for (let i = from; i < to; i++) mask[values[i]!] = 1;
        filling.fill(into, mask);
      }
    },
  };
};

/** `kept`, with values `list[from … to − 1]` of `put`: written from whichever leaves less to overwrite. */
const mix = (into: Float32Array, kept: Float32Array, put: Float32Array, list: Uint32Array, from: number, to: number): void => {
  if (2 * (to - from) <= list.length) {
    into.set(kept);
    for (let i = from; i < to; i++) into[list[i]!] = put[list[i]!]!;
    return;
  }
  into.set(put);
  for (let i = 0; i < from; i++) into[list[i]!] = kept[list[i]!]!;
  for (let i = to; i < list.length; i++) into[list[i]!] = kept[list[i]!]!;
};

/** Values of a sample in the order of their removal, each once; end[k] of them are gone with k units. */
const sequenceOf = (
  { values, from, windows }: Units,
  order: Uint32Array,
): { readonly values: Uint32Array; readonly end: Uint32Array } => {
  const sequence = new Uint32Array(values.length);
  const end = new Uint32Array(order.length + 1);
  const gone = windows === undefined ? undefined : new Set<number>();
  for (let k = 0; k < order.length; k++) {
    const unit = order[k]!;
    let own = values.subarray(from[unit]!, from[unit + 1]!);
    if (gone !== undefined) {
      own = own.filter((value) => !gone.has(value));
      for (const value of own) gone.add(value);
    }
    sequence.set(own, end[k]!);
    end[k + 1] = end[k]! + own.length;
  }
  return { values: gone === undefined ? sequence : sequence.subarray(0, gone.size), end };
};

const averaged = (rows: Rows, repeats: readonly (readonly Place[])[], score: number): Float64Array => {
  const means = new Float64Array(repeats[0]!.length);
  for (let k = 0; k < means.length; k++) {
    for (const places of repeats) means[k]! += rows.at(places[k]!, score);
    means[k]! /= repeats.length;
  }
  return means;
};

/** The class at the target's position that speaks for itself most beside it, as indices for each axis after the batch. */
const runnersUp = (trial: Trial): Promise<readonly Judged[]> =>
  trial.shared.once("runners-up", async () => {
    const { model } = trial;
    const found: Judged[] = [];
    await model.scores(
      { count: model.samples, sample: (k) => k, write: (k, into) => into.set(sampleOf(trial.x, k)) },
      (k, { logits }) => {
        const { classes, scoring } = model.options;
        const judged = model.judged(k);
        found[k] = isAim(judged) ? runnerUpAim(logits, classes, judged, scoring) : runnerUpOf(logits, classes, judged, scoring);
      },
    );
    return found;
  });

/** One score of curves, for a chart. */
export const curveOf = ({ at, scores }: Curves, score: EvaluationScore): MeasuredCurve => ({ at, values: scores(score) });
