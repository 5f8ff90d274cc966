/** A trial from an explainer: a batch of inputs, the classes they are judged by, their heatmaps. */

import { checkNames, type Names } from "../../cards/names.ts";
import { checkParameters } from "../../cards/parameters.ts";
import { fail } from "../../errors.ts";
import { absentTokens } from "../../explain/absent-tokens.ts";
import { aimsOf } from "../../explain/aims/index.ts";
import { classTargets, rivalAt } from "../../explain/classes.ts";
import type { Explainer } from "../../explain/index.ts";
import { type Opened, openModel } from "../../explain/open-model.ts";
import { referencesOf } from "../../explain/references-like.ts";
import { NO_INDEX } from "../../explain/rounds.ts";
import type { ExplainOptions } from "../../explain/types.ts";
import { randomBy } from "../../numeric/random.ts";
import type { Meter } from "../../oracle/meter.ts";
import type { Oracle } from "../../oracle/oracle.ts";
import { type Arrangement, arranged, batchFirst, ofSamples, restored } from "../../reading/index.ts";
import { type FloatTensor, widthOf } from "../../tensor/float.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { type Memo, memo } from "../memo.ts";
import type { Explaining, Measured, Metric, Trial } from "../metric.ts";

export interface JudgeOptions extends Pick<ExplainOptions, "explain" | "output" | "signal" | "targetFiles"> {
  /** One target for all samples, as `explain` takes it: a class, the winner, A minus B, a region of each, …; places are found in the samples as they are. */
  readonly target?: string | number;
  /** The class each sample is judged by; default: the one it is given. */
  readonly targets?: readonly (readonly number[])[];
  /** Numbers of the samples in the data; default 0, 1, 2, … */
  readonly ids?: readonly number[];
  /** Of the random numbers; default 0. */
  readonly seed?: number;
  readonly range?: Trial["range"];
  readonly others?: Trial["others"];
  /** In the shape of what is explained, their number in front. */
  readonly references?: FloatTensor;
  /** Where the object is; a function where that depends on the classes the samples are judged by. */
  readonly masks?: Tensor | ((targets: readonly (readonly number[])[]) => Tensor);
  readonly given?: Trial["given"];
  readonly meter?: Meter;
  /** Rows in one pass; default: by the size of an input, so that a run can be repeated to the last digit. */
  readonly batch?: number;
}

/** A batch on which heatmaps are judged, one after another. */
export interface Judge {
  /** Samples first, then channels, then positions. */
  readonly x: FloatTensor;
  /** How the model itself takes it. */
  readonly arrangement: Arrangement;
  /** Where several inputs are explained: their maps as one, which lies like x. */
  joined?(maps: Readonly<Record<string, FloatTensor>>): FloatTensor;
  readonly model: Oracle;
  /** Judges one heatmap a sample by a metric. Not to be called again before it is done. Errors: BadRecipe, BadInput, Runtime, Aborted. */
  measure(metric: Metric, params: Readonly<Record<string, unknown>>, of: Judged): Promise<Measured>;
}

export interface Judged {
  readonly relevance: FloatTensor;
  readonly explaining?: Explaining;
  /** Maps and inputs are arranged as the judge's x is, not as the model takes them. */
  readonly arranged?: true;
  /** Kept by the caller between metrics of the same heatmaps. */
  readonly memo?: Memo;
}

/** Opens a model for judging heatmaps of a batch. `x`: the input, or all by name. Errors: BadInput, BadRecipe, Runtime. */
export const judgeOf = async (
  lit: Explainer,
  x: Tensor | Readonly<Record<string, Tensor>>,
  options: JudgeOptions = {},
): Promise<Judge> => {
  checkNames("judgeOf", options, JUDGE);
  const { seed = 0, signal, meter, range, others, masks, given } = options;
  const asked = options.references;
  const aimed = await aimsFor(lit, x, options);
  const output = aimed?.options.output ?? options.output;
  const opened = await openModel(lit, x, { ...options, ...(output !== undefined && { output }) }, true);
  const { explained, channels } = opened;
  const references = asked && (await referencesOf(asked, opened));
  const absent = await absentTokens(lit, opened);
  const count = explained.dims[0]!;
  const model = opened.oracle(channels, explained, opened.others, {
    ...(aimed === undefined
      ? classesFor(lit, opened, options)
      : { targets: aimed.rounds[0]!.map(() => NO_INDEX), aims: aimed.rounds[0]! }),
    score: "logit",
    signal,
    meter,
    batch: options.batch ?? steadyBatch(widthOf(explained)),
  });
  const shared = memo();
  const { kind } = opened;
  const joint = opened.values.length > 1;
  const arrangement = joint ? batchFirst(explained.dims.length, 0) : opened.arrangements[opened.values[0]!]!;
  return {
    x: explained,
    arrangement,
    ...(joint && {
      joined: (maps: Readonly<Record<string, FloatTensor>>) =>
        opened.laidOut(
          Object.fromEntries(opened.values.map((name) => [name, arranged(maps[name]!, opened.arrangements[name]!)])),
        ),
    }),
    model,
    measure: (metric, params, { relevance, explaining, arranged: ready, memo: own }) =>
      metric.measure({
        x: explained,
        kind,
        relevance: ready ? relevance : mapLike(relevance, arrangement),
        params: checkParameters(metric.card, params, "metric"),
        model,
        ids: options.ids ?? Array.from({ length: count }, (_, n) => n),
        random: randomBy(seed),
        shared,
        memo: own ?? memo(),
        ...(range && { range }),
        ...(others && { others }),
        ...(references && { references }),
        ...(absent && { absent }),
        ...(masks && { masks: typeof masks === "function" ? masks(model.targets) : masks }),
        ...(given && { given: givenLike(given, arrangement) }),
        ...(explaining && { explaining: ready ? explaining : explainingLike(explaining, arrangement) }),
      }),
  };
};

/** Undefined where classes of the whole output are judged. Errors: BadTarget. */
const aimsFor = async (lit: Explainer, x: Tensor | Readonly<Record<string, Tensor>>, options: JudgeOptions) => {
  const { target, targets, explain, output, targetFiles } = options;
  if (target === undefined && targets !== undefined) return undefined;
  const asked = { target, ...(explain && { explain }), ...(output && { output }), ...(targetFiles && { targetFiles }) };
  const aimed = await aimsOf(lit, x, asked);
  if (aimed?.several !== true) return aimed;
  throw fail("BadTarget", {
    what: `target '${target}'`,
    why: "a sample is judged by one score",
    fix: "name one class, or leave the target out",
  });
};

/** Errors: BadTarget. */
const classesFor = (lit: Explainer, { logits, scoring }: Opened, { target, targets: own, output }: JudgeOptions) => {
  const targets = target === undefined && own !== undefined ? own : classTargets(lit.asked(target, output), logits, scoring);
  const rival = lit.against({ target, output });
  const against = rival === undefined ? undefined : rivalAt(targets[0]!, rival, logits.dims.slice(1), scoring);
  return { targets, ...(against && { against }) };
};

/** A map may lack the input's channels; one that has other axes is taken as it is. */
const mapLike = (map: FloatTensor, arrangement: Arrangement): FloatTensor =>
  map.dims.length === arrangement.order.filter((axis) => axis >= 0).length ? arranged(map, arrangement) : map;

/** Segments are shaped like the samples. */
const givenLike = (given: NonNullable<Trial["given"]>, arrangement: Arrangement): NonNullable<Trial["given"]> => {
  const { segments } = given;
  const rank = arrangement.order.filter((axis) => axis >= 0).length;
  return segments === undefined || segments.dims.length !== rank
    ? given
    : { ...given, segments: arranged(segments, arrangement) };
};

const explainingLike = (explaining: Explaining, arrangement: Arrangement): Explaining => {
  const { maps, seeded, on } = explaining;
  const own = (x: FloatTensor) => restored(x, ofOne(x, arrangement));
  return {
    ...explaining,
    maps: async (x, samples, targets) => mapLike(await maps(own(x), samples, targets), arrangement),
    ...(seeded && {
      seeded: async (x: FloatTensor, vectors: FloatTensor) => {
        const all = await seeded(own(x), vectors);
        return [...all.slice(0, -1), mapLike(all.at(-1)!, arrangement)];
      },
    }),
    on: async (change) => explainingLike(await on(change), arrangement),
  };
};

/** Several inputs of a model that takes one sample stand one behind the other. */
const ofOne = ({ dims }: FloatTensor, arrangement: Arrangement): Arrangement =>
  arrangement.order[0]! < 0 && dims[0] !== 1 ? ofSamples(arrangement) : arrangement;

const STEADY_BYTES = 4 * 2 ** 20;

/** A power of two of rows, at most 64, of at most 4 MiB. */
export const steadyBatch = (width: number): number => {
  const most = Math.min(64, STEADY_BYTES / (4 * Math.max(1, width)));
  return 2 ** Math.max(0, Math.floor(Math.log2(most)));
};

const JUDGE: Names<JudgeOptions> = {
  explain: true,
  output: true,
  signal: true,
  targets: true,
  target: true,
  targetFiles: true,
  ids: true,
  seed: true,
  range: true,
  others: true,
  references: true,
  masks: true,
  given: true,
  meter: true,
  batch: true,
};
