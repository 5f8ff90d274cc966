/** What an evaluation has to do, unit by unit, before any of it is done: plain JSON, so that other processes can take units. */
import { fail } from "../../errors.ts";
import { isAimTarget } from "../../explain/aims/index.ts";
import type { Explainer } from "../../explain/index.ts";
import { canonicalJson, sha256 } from "../../plan/index.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import type { FloatTensor } from "../../tensor/float.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { VERSION } from "../../version.ts";
import { metrics } from "../metrics/index.ts";
import type { EvaluatedModel, EvaluationResult, EvaluationSetting } from "../result.ts";
import { type CheckedOptions, checkedOptions } from "../statistics/summary-options.ts";
import { bySize } from "./magnitude.ts";
import { checkedSettings } from "./settings.ts";
import { checkTask, type EvaluationData, type EvaluationTask, type MethodChoice } from "./task.ts";
import { valueScores } from "./value-scores.ts";

/** A chunk of samples by one method under one setting: computed once, it comes out the same wherever that is done. */
export interface RunUnit {
  /** Made of all that determines what it comes to: under it the result is kept. */
  readonly key: string;
  /** Numbers of the first sample, and how many. */
  readonly from: number;
  readonly count: number;
  /** Indices into the plan's methods and settings. */
  readonly method: number;
  readonly setting: number;
}

export interface PlannedMethod extends Pick<MethodChoice, "name" | "draw"> {
  /** Some metrics take the size of its values. */
  readonly magnitude: boolean;
}

/** Plain JSON. */
export interface RunPlan extends Pick<EvaluationResult, "version" | "data" | "seed"> {
  readonly model: EvaluatedModel;
  /** The task's, without its "random", then the draws of random maps. */
  readonly methods: readonly PlannedMethod[];
  readonly settings: readonly EvaluationSetting[];
  readonly statistics: CheckedOptions;
  /** Target and output, in numbers where the task names a value. */
  readonly target?: string | number;
  readonly output?: string;
  /** How many other samples stand ready for imputers that paste pieces of them: the first of the data. */
  readonly others?: number;
  /** Chunk by chunk: who computes neighbours together reads and explains their samples once. */
  readonly units: readonly RunUnit[];
}

/**
 * What an evaluation has to compute, as plain JSON: its units of work with their keys. @param lit any explainer of the model.
 * Errors: BadInput, BadTarget; BadRecipe for metrics and their parameters.
 */
export const planRun = async (given: EvaluationTask, lit: Explainer): Promise<RunPlan> => {
  checkTask(given);
  const task = lit.settled(given);
  const { data, seed = 0, target, output } = task;
  const methods = methodsOf(task);
  checkedSettings(task.settings);
  const statistics = checkedOptions(task);
  if (methods.length === 0 || task.settings.length === 0 || data.count === 0) throw nothing();
  const settings = checkedSettings(valueScores(lit, task));
  const others = settings.some(pasted) ? Math.min(data.count, data.chunk === 1 ? 1 : OTHERS) : undefined;
  const asked = await askedOf(task, lit);
  const places = chunksOf(data, settings).flatMap(({ from, count, settings: own }) =>
    methods.flatMap((_, method) => own.map((setting) => ({ from, count, method, setting }))),
  );
  const units = places.map(async ({ from, count, method: m, setting: s }): Promise<RunUnit> => {
    const [{ options, draw }, setting] = [methods[m]!, settings[s]!];
    const size = bySize(methods[m]!, metrics[setting.metric]!);
    const beside = pasted(setting) ? Array.from({ length: others! }, (_, i) => i) : undefined;
    const key = await sha256(canonicalJson({ ...asked, options, size, draw, setting, from, count, beside }));
    return { key, from, count, method: m, setting: s };
  });
  return {
    version: VERSION,
    model: { name: task.model, sha256: await lit.sha256, identity: await lit.identity },
    data: { name: data.name, sha256: data.sha256, count: data.count },
    seed,
    methods: methods.map((method) => ({
      name: method.name,
      ...(method.draw !== undefined && { draw: method.draw }),
      magnitude: settings.some(({ metric }) => bySize(method, metrics[metric]!)),
    })),
    settings,
    statistics,
    ...(target !== undefined && { target }),
    ...(output !== undefined && { output }),
    ...(others !== undefined && { others }),
    units: await Promise.all(units),
  };
};

/** As a plan counts them. */
export const methodsOf = (task: EvaluationTask): readonly MethodChoice[] => [
  ...task.methods.filter(({ name }) => name !== "random"),
  ...Array.from({ length: task.randomDraws ?? 3 }, (_, draw) => ({ name: "random", draw })),
];

/** What of a runtime enters the keys of kept work: another release or processor has other last bits. */
export const runtimeKey = ({ name, version, cpu }: Runtime): readonly (string | null)[] => [name, version ?? null, cpu ?? null];

/** Errors, where there is nothing to do. */
export const nothing = () => fail("BadInput", { what: "nothing to evaluate", fix: "give samples, a method and a metric" });

/** What the keys of all units have in common. */
const askedOf = async (
  { data, seed = 0, range, explain, target, targetFiles = {}, output, references }: EvaluationTask,
  lit: Explainer,
) => ({
  version: VERSION,
  runtime: runtimeKey(lit.options.runtime),
  model: await lit.identity,
  data: data.sha256,
  reading: data.reading,
  seed,
  range,
  explain,
  ...(isAimTarget(target, lit.options.labels) && {
    target: { words: target, files: await Promise.all(Object.entries(targetFiles).map(hashed)) },
  }),
  ...(target !== undefined &&
    !isAimTarget(target, lit.options.labels) && {
      target: { ...lit.asked(target, output), against: lit.against({ target, output }) ?? null },
    }),
  output,
  mean: lit.options.reading?.mean,
  references: references && { dims: references.dims, sha256: await sha256(bytesOf(references)) },
});

/** A file that a target names. Errors: BadTarget for texts. */
const hashed = async ([name, { dims, data }]: readonly [string, Tensor]) => {
  if (Array.isArray(data)) throw fail("BadTarget", { what: `file '${name}'`, why: "it holds texts", fix: "give numbers" });
  const { buffer, byteOffset, byteLength } = data as Float32Array;
  return [name, dims, await sha256(new Uint8Array(buffer, byteOffset, byteLength))] as const;
};

const bytesOf = ({ data }: FloatTensor): Uint8Array => new Uint8Array(data.buffer, data.byteOffset, data.byteLength);

interface Chunk {
  readonly from: number;
  readonly count: number;
  /** Which settings are measured on it. */
  readonly settings: readonly number[];
}

/** Metrics of the set see all samples at once. */
const chunksOf = ({ count, chunk = 16 }: EvaluationData, settings: readonly EvaluationSetting[]): Chunk[] => {
  const all = settings.map((_, s) => s);
  const whole = all.filter((s) => metrics[settings[s]!.metric]!.card.scope === "set");
  const each = all.filter((s) => !whole.includes(s));
  const starts = each.length === 0 ? [] : Array.from({ length: Math.ceil(count / chunk) }, (_, i) => i * chunk);
  return [
    ...starts.map((from) => ({ from, count: Math.min(chunk, count - from), settings: each })),
    ...(whole.length > 0 ? [{ from: 0, count, settings: whole }] : []),
  ];
};

const OTHERS = 32;

const pasted = ({ params }: EvaluationSetting): boolean => String(params.imputer).startsWith("patches");
