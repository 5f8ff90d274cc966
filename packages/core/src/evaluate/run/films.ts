/** Films for a report: some samples while their units are removed, in the order of each method's map. */
import { fail } from "../../errors.ts";
import type { Explainer } from "../../explain/index.ts";
import { append } from "../../numeric/extremes.ts";
import { restored } from "../../reading/index.ts";
import { type FloatTensor, sampleOf } from "../../tensor/float.ts";
import { fillingOf } from "../imputers/index.ts";
import type { Metric, Trial } from "../metric.ts";
import { metrics } from "../metrics/index.ts";
import { askedOf } from "../removal/ask.ts";
import { curvesOf } from "../removal/curve.ts";
import { remove, valuesOf } from "../removal/drops.ts";
import type { EvaluationScore } from "../removal/score.ts";
import type { Units } from "../removal/unit.ts";
import type { EvaluationSetting } from "../result.ts";
import { type OpenChunk, openChunk } from "./chunk.ts";
import type { EvaluationTask, MethodChoice } from "./task.ts";

export interface SampleFilms {
  readonly name: string;
  /** As the model takes it, [1, …]. */
  readonly x: FloatTensor;
  readonly films: readonly Film[];
}

export interface Film {
  readonly method: string;
  /** [1, …], channels before positions whatever the model takes. */
  readonly relevance: FloatTensor;
  readonly frames: readonly FilmFrame[];
}

export interface FilmFrame {
  /** Of the input's positions, 0 to 1. */
  readonly share: number;
  /** As the model takes it, [1, …]. */
  readonly x: FloatTensor;
  readonly score: number;
}

export interface FilmOptions {
  /** The first samples. */
  readonly count: number;
  /** A setting of a metric that has a unit and an imputer. */
  readonly setting: EvaluationSetting;
  /** Shares of the units that are gone, ascending. */
  readonly shares: readonly number[];
}

/** Most relevant units first. Errors: those of `evaluate`; BadRecipe for a metric that removes nothing. */
export const filmsOf = async (
  lit: Explainer,
  task: EvaluationTask,
  methods: readonly MethodChoice[],
  { count, setting, shares }: FilmOptions,
): Promise<readonly SampleFilms[]> => {
  const { unit, imputer } = setting.params;
  if (unit === undefined || imputer === undefined)
    throw fail("BadRecipe", { what: `a film of metric ${setting.metric}`, why: "it removes nothing" });
  const all = Math.min(count, task.data.count);
  const chunk = task.data.chunk ?? all;
  const films: SampleFilms[] = [];
  for (let from = 0; from < all; from += chunk) {
    const opened = await openChunk(lit, task, { from, count: Math.min(chunk, all - from) });
    append(films, await chunkFilms(opened, methods, { setting, shares }));
  }
  return films;
};

const chunkFilms = async (
  { data, judge, maps }: OpenChunk,
  methods: readonly MethodChoice[],
  { setting, shares }: Omit<FilmOptions, "count">,
): Promise<readonly SampleFilms[]> => {
  const { unit, imputer, score = "probability", aggregate = "mean" } = setting.params;
  const films: {
    readonly method: string;
    readonly relevance: FloatTensor;
    readonly frames: readonly (readonly FilmFrame[])[];
  }[] = [];
  for (const method of methods) {
    const judged = await maps(method, metrics[setting.metric]!);
    let frames: readonly (readonly FilmFrame[])[] = [];
    let { relevance } = judged;
    const filming: Metric = {
      ...metrics.srg!,
      measure: async (trial) => {
        frames = await framesOf(trial, shares, score as EvaluationScore);
        ({ relevance } = trial);
        return { scores: {} };
      },
    };
    await judge.measure(filming, { unit, imputer, score, aggregate }, judged);
    films.push({ method: method.name, relevance, frames });
  }
  const own = (x: FloatTensor) => restored(x, judge.arrangement);
  return data.names.map((name, n) => ({
    name,
    x: own(rowOf(judge.x, n)),
    films: films.map(({ method, relevance, frames }) => ({
      method,
      relevance: rowOf(relevance, n),
      frames: frames[n]!.map((frame) => ({ ...frame, x: own(frame.x) })),
    })),
  }));
};

const rowOf = (x: FloatTensor, n: number): FloatTensor => ({ ...x, dims: [1, ...x.dims.slice(1)], data: sampleOf(x, n).slice() });

const framesOf = async (trial: Trial, shares: readonly number[], score: EvaluationScore): Promise<FilmFrame[][]> => {
  const asked = askedOf(trial);
  const checkpoints = asked.units.map(({ count }) => [...new Set(shares.map((share) => Math.round(share * count)))]);
  const ask = { ...asked.along("morf"), checkpoints };
  const [curves] = await curvesOf(trial, [ask]);
  const scores = curves!.scores(score);
  return asked.units.map((units, n) =>
    checkpoints[n]!.map((k, i) => ({
      share: curves!.at[n]![i]!,
      score: scores[n]![i]!,
      x: without(trial, n, units, ask.orders[n]!.subarray(0, k), ask.imputer),
    })),
  );
};

/** Sample n without some of its units. */
const without = (trial: Trial, n: number, units: Units, gone: Uint32Array, imputer: string): FloatTensor => {
  const row = rowOf(trial.x, n);
  remove(row.data, valuesOf(units, gone), fillingOf(trial, imputer, n, 0));
  return row;
};
