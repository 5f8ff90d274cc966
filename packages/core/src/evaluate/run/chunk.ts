/** One chunk of samples: read and opened when first needed, explained once a method, judged setting by setting. */

import { fail, isBacklitError } from "../../errors.ts";
import type { Explainer } from "../../explain/index.ts";
import { memo } from "../memo.ts";
import type { Measured, MeasuredCurve, Metric, Trial } from "../metric.ts";
import { metrics } from "../metrics/index.ts";
import type { EvaluationSetting } from "../result.ts";
import type { ChunkResult } from "./chunk-result.ts";
import { thinned } from "./curve-table.ts";
import { type Judge, judgeOf } from "./judge.ts";
import { bySize, sized } from "./magnitude.ts";
import { type MethodMaps, mapsOf } from "./maps.ts";
import type { DataChunk, EvaluationTask, MethodChoice } from "./task.ts";

export interface OpenChunk {
  readonly data: DataChunk;
  readonly judge: Judge;
  /** One a sample, made the first time, as the metric takes them. */
  maps(method: MethodChoice, metric: Metric): Promise<MethodMaps>;
}

/** Reads samples from … from + count − 1 and opens the model for them. */
export const openChunk = async (
  lit: Explainer,
  task: EvaluationTask,
  { from, count, others }: { readonly from: number; readonly count: number; readonly others?: Trial["others"] },
): Promise<OpenChunk> => {
  const data = await task.data.read(from, count);
  const { range, explain, target, targetFiles, output, references, groups, signal, seed = 0 } = task;
  const judge = await judgeOf(lit, data.x, {
    seed,
    ids: Array.from({ length: count }, (_, n) => from + n),
    ...(data.targets && { targets: data.targets }),
    ...(data.masks && { masks: data.masks }),
    ...(range && { range }),
    ...(others && { others }),
    ...(references && { references }),
    ...(groups && { given: { segments: groups } }),
    ...(explain && { explain }),
    ...(target !== undefined && { target }),
    ...(targetFiles && { targetFiles }),
    ...(output && { output }),
    ...(signal && { signal }),
  });
  const [own] = judge.x.dims;
  if (own !== count)
    throw fail("Unsupported", {
      what: `${count} samples where the model takes ${own}`,
      why: "evaluation reads samples along the first axis, and here they do not lie there or depend on each other",
      fix: "give an array with the samples in front and each sample behind as the model takes it, or ask explain for one at a time",
    });
  const kept = memo();
  const signed = (method: MethodChoice) => kept.once(method, () => mapsOf(lit, data.x, { judge, from, method, task }));
  const unsigned = (method: MethodChoice) => kept.once({ sized: method }, async () => sized(await signed(method)));
  return { data, judge, maps: (method, metric) => (bySize(method, metric) ? unsigned : signed)(method) };
};

/** Judges the chunk's samples by one method and setting after another; nothing is read before the first. */
export const chunkRunner = (
  lit: Explainer,
  task: EvaluationTask,
  chunk: Parameters<typeof openChunk>[2],
): ((method: MethodChoice, setting: EvaluationSetting) => Promise<ChunkResult>) => {
  let opened: Promise<OpenChunk> | undefined;
  return async (method, { metric, params }) => {
    opened ??= openChunk(lit, task, chunk);
    const { data, judge, maps } = await opened;
    const measure = metrics[metric]!;
    const { recipe, hash, notices: told, ...judged } = await maps(method, measure);
    const measured = judge.measure(measure, params, judged);
    const { scores, curves = {}, ties, notices } = await measured.catch(inapplicable(measure, method.name));
    return {
      scores: Object.fromEntries(Object.entries(scores).map(([name, values]) => [name, Array.from(values, finite)])),
      curves: Object.fromEntries(Object.entries(curves).map(([name, curve]) => [name, plainCurve(curve)])),
      ...(ties && { ties }),
      samples: data.names.map((name, n) => ({
        name,
        target: judge.model.targets[n]!,
        ...(judge.model.options.aims && { aim: judge.model.options.aims[n]!.name }),
        ...(judge.model.options.against && { against: judge.model.options.against }),
        ...(data.labels?.[n] !== undefined && { label: data.labels[n] }),
      })),
      recipe,
      hash,
      notices: [...told, ...(notices ?? [])],
    };
  };
};

/** Metrics that ask the method for more maps do not apply to each: it then has no score, and a notice says why. */
const inapplicable =
  ({ card: { name, needs } }: Metric, method: string) =>
  (error: unknown): Measured => {
    const more = needs?.some((need) => need !== "masks") ?? false;
    if (!more || !isBacklitError(error) || error._tag !== "BadRecipe") throw error;
    return { scores: {}, notices: [`no ${name} of ${method}: ${error.message}`] };
  };

/** JSON has no NaN: a curve with one is empty. */
const UNDEFINED = { at: [], values: [] };
const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);

const plainCurve = ({ at, values }: MeasuredCurve) => {
  const thin = at.map((places, n) => (values[n]!.every(Number.isFinite) ? thinned(places, values[n]!) : UNDEFINED));
  return { at: thin.map((curve) => curve.at), values: thin.map((curve) => curve.values) };
};
