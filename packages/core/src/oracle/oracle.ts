/**
 * What a method may ask of the model: scores, gradients (or relevance by any recipe) and inner values of any number of rows. Rows belong to samples:
 * a row is judged by its sample's class and gets its sample's other inputs.
 */

import type { Recipe } from "../plan/index.ts";
import type { Session } from "../runtime/runtime.ts";
import type { FloatTensor } from "../tensor/float.ts";
import { taken } from "../tensor/taken.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { type Aim, aimScore } from "./aim.ts";
import { directionRecipe, directions } from "./aim-feed.ts";
import { inBatches, type Rows, type StreamOptions } from "./rows.ts";
import { classOf, classTensor, contrasts, leadOver, type Score, type Scoring, scoreRecipe, scoresOf } from "./score.ts";

/** A session and the names of what goes in and comes out. */
export interface Channel {
  readonly session: Session;
  /** The explained value is fed under this name. */
  readonly input: string;
  /** The class is fed under this name, where the session takes one. */
  readonly target?: string;
  /** A direction is fed under this name, where the recipe takes one. */
  readonly seed?: string;
  /** A reference for the explained value is fed under this name, where the recipe takes one. */
  readonly reference?: string;
  /** Relevance of the explained value. */
  readonly relevance?: string;
  /** Relevance of inner values, by value. */
  readonly layers: Readonly<Record<string, string>>;
}

/** Opens sessions for an oracle, and keeps them. */
export interface Channels {
  forward(fetch: readonly string[]): Promise<Channel>;
  relevance(recipe: Recipe, layers: readonly string[], fetch: readonly string[]): Promise<Channel>;
}

export interface OracleOptions extends Omit<StreamOptions, "most"> {
  readonly channels: Channels;
  readonly x: FloatTensor;
  /** All other inputs, by name. */
  readonly feeds: Readonly<Record<string, Tensor>>;
  /** Where their samples lie; undefined: they go with all samples. */
  samplesOf(input: string): number | undefined;
  /** Class indices by sample. */
  readonly targets: readonly (readonly number[])[];
  /** What is explained of each sample, where that is more than a class; the targets then say nothing. */
  readonly aims?: readonly Aim[];
  readonly score: Score;
  /** A class whose score is taken off: B of `A minus B`. */
  readonly against?: readonly number[];
  /** The value scores are read from (logits), its sizes after the batch. */
  readonly start: string;
  readonly classes: readonly number[];
  /** What those values are. */
  readonly scoring: Scoring;
  /** The model takes batches of just this size: what is missing is filled up. */
  readonly fixed?: number | undefined;
}

/** What is known of one row. Arrays are views that the next batch overwrites. */
export interface RowResult {
  readonly score: number;
  readonly logits: Float32Array;
  /** Of the explained value. */
  readonly relevance: Float32Array;
  /** Relevance of the inner values asked for. */
  readonly layers: Readonly<Record<string, Float32Array>>;
  /** Inner values asked for, with their sizes (without the batch). */
  readonly values: Readonly<Record<string, { readonly data: Float32Array; readonly dims: readonly number[] }>>;
}

/** A class by its indices, or an aim. */
export type Judged = readonly number[] | Aim;

export const isAim = (judged: Judged): judged is Aim => "places" in judged;

const MOST_BYTES = 64 * 2 ** 20;
/** The most rows of a batch whose size is found by trying. */
export const MOST_ROWS = 64;

export class Oracle {
  constructor(readonly options: OracleOptions) {}

  get samples(): number {
    return this.options.x.dims[0]!;
  }

  get targets(): readonly (readonly number[])[] {
    return this.options.targets;
  }

  /** What a sample is judged by: its class, or its aim. */
  judged(sample: number): Judged {
    return this.options.aims?.[sample] ?? this.targets[sample]!;
  }

  /** Forward passes. `values`: inner values wanted with them. */
  async scores(
    rows: Rows,
    each: (k: number, row: Omit<RowResult, "relevance" | "layers">) => void,
    values: readonly string[] = [],
  ): Promise<void> {
    const channel = await this.options.channels.forward([this.options.start, ...values]);
    await this.#run(channel, rows, values, each);
  }

  /** Gradient passes of the score, or relevance by another recipe. `layers`: inner values whose gradient is wanted; `values`: themselves. */
  async relevance(
    rows: Rows,
    each: (k: number, row: RowResult) => void,
    { recipe = {}, layers = [], values = [] }: { recipe?: Recipe; layers?: readonly string[]; values?: readonly string[] } = {},
  ): Promise<void> {
    const { channels, start, score, against, classes, scoring, aims } = this.options;
    const what: Recipe = recipe.composite === undefined && recipe.rules === undefined ? { method: "gradient" } : {};
    const full: Recipe = {
      ...what,
      ...scoreRecipe(score),
      ...(against && contrasts(score, scoring) && { seed: { contrast: classOf(against, classes, scoring) } }),
      ...recipe,
    };
    if (aims === undefined) {
      await this.#run(await channels.relevance(full, layers, [start, ...values]), rows, values, each);
      return;
    }
    const { recipe: fed, slope } = directionRecipe(full, score);
    const v = directions(aims, slope, { sizes: classes, scoring });
    if (!v.steady) await this.scores(rows, (k, { logits }) => v.at(k, logits, rows.sample(k)));
    await this.#run(await channels.relevance(fed, layers, [start, ...values]), rows, values, each, v.of);
  }

  /** The other inputs, row by row those of its sample. */
  #gathered(samples: readonly number[]): Record<string, Tensor> {
    const { feeds, samplesOf } = this.options;
    return Object.fromEntries(
      Object.entries(feeds).map(([name, tensor]) => {
        const axis = samplesOf(name);
        const apart = axis !== undefined && tensor.dims[axis] === this.samples && tensor.type !== "string";
        return [name, apart ? taken(tensor, axis, samples) : tensor];
      }),
    );
  }

  async #run(
    channel: Channel,
    rows: Rows,
    values: readonly string[],
    each: (k: number, row: RowResult) => void,
    /** The direction of a row. */
    direction?: (k: number, sample: number) => Float32Array,
  ): Promise<void> {
    const { x, start, classes, scoring, score, against, fixed, targets } = this.options;
    const places = classes.reduce((a, b) => a * b, 1);
    const shape = x.dims.slice(1);
    const width = shape.reduce((a, b) => a * b, 1);
    const most = Math.max(1, Math.min(MOST_ROWS, Math.floor(MOST_BYTES / (4 * Math.max(width, 1)))));
    // Two, since the next batch is written while one runs.
    let buffers: readonly RowBuffer[] = [rowBuffer(0, width), rowBuffer(0, width)];
    await inBatches(
      rows.count,
      async (from, n) => {
        const size = fixed ?? n;
        const row = (i: number) => from + Math.min(i, n - 1);
        buffers = [buffers[1]!, buffers[0]!.views.length < size ? rowBuffer(size, width) : buffers[0]!];
        const { data: buffer, views } = buffers[1]!;
        const samples: number[] = [];
        for (let i = 0; i < size; i++) {
          samples.push(rows.sample(row(i)));
          rows.write(row(i), views[i]!);
        }
        const batch: Record<string, Tensor> = { ...this.#gathered(samples) };
        batch[channel.input] = { type: "float32", dims: [size, ...shape], data: buffer.subarray(0, size * width) } as Tensor;
        if (channel.reference !== undefined) {
          const data = new Float32Array(size * width);
          for (let i = 0; i < size; i++) rows.reference?.(row(i), data.subarray(i * width, (i + 1) * width));
          batch[channel.reference] = { type: "float32", dims: [size, ...shape], data };
        }
        if (channel.seed !== undefined && direction !== undefined) {
          const data = new Float32Array(size * places);
          for (let i = 0; i < size; i++) data.set(direction(row(i), samples[i]!), i * places);
          batch[channel.seed] = { type: "float32", dims: [size, ...classes], data };
        }
        if (channel.target !== undefined) batch[channel.target] = classTensor(samples.map((k) => targets[k]!));
        const out = await channel.session.run(batch);
        return () => {
          // What each row shares is looked up once.
          const logits = rowsOf(out[start] as FloatTensor, size);
          const relevance = channel.relevance === undefined ? undefined : rowsOf(out[channel.relevance] as FloatTensor, size);
          const layers = Object.entries(channel.layers).map(
            ([value, name]) => [value, rowsOf(out[name] as FloatTensor, size)] as const,
          );
          const inner = values.map((name) => [name, rowsOf(out[name] as FloatTensor, size), out[name]!.dims.slice(1)] as const);
          const read = against === undefined ? scoresOf : leadOver(against);
          for (let i = 0; i < n; i++) {
            const z = logits(i);
            const judged = this.judged(samples[i]!);
            each(from + i, {
              logits: z,
              score: isAim(judged) ? aimScore(z, classes, judged, score, scoring) : read(z, classes, judged, score, scoring),
              relevance: relevance?.(i) ?? z,
              layers: layers.length === 0 ? NONE : Object.fromEntries(layers.map(([value, at]) => [value, at(i)])),
              values:
                inner.length === 0 ? NONE : Object.fromEntries(inner.map(([name, at, dims]) => [name, { data: at(i), dims }])),
            });
          }
        };
      },
      { ...this.options, batch: fixed ?? this.options.batch, most },
    );
  }
}

interface RowBuffer {
  readonly data: Float32Array;
  /** On its rows. */
  readonly views: readonly Float32Array[];
}

const rowBuffer = (rows: number, width: number): RowBuffer => {
  const data = new Float32Array(rows * width);
  return { data, views: Array.from({ length: rows }, (_, i) => data.subarray(i * width, (i + 1) * width)) };
};

const NONE = {};

/** Views on the rows of a batch. */
const rowsOf = ({ data }: FloatTensor, count: number): ((i: number) => Float32Array) => {
  const width = data.length / count;
  return (i) => data.subarray(i * width, (i + 1) * width);
};
