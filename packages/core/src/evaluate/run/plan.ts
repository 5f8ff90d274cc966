/** What an evaluation has to do, unit by unit, before any of it is done: plain JSON, so that other processes can take units. */
import { fail } from "../../errors.ts";
import type { Explainer } from "../../explain/index.ts";
import { canonicalJson, sha256 } from "../../plan/index.ts";
import { detectorSaid } from "../../reading/index.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import type { FloatTensor } from "../../tensor/float.ts";
import { VERSION } from "../../version.ts";
import { metrics } from "../metrics/index.ts";
import type { EvaluatedModel, EvaluationResult, EvaluationSetting } from "../result.ts";
import { type CheckedOptions, checkedOptions } from "../statistics/summary-options.ts";
import { bySize } from "./magnitude.ts";
import { checkedSettings } from "./settings.ts";
import { hashed, targetKey } from "./target-key.ts";
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

/** A plan whose units are made when they are asked for: of a million there are never many at once. */
export interface RunOutline {
  readonly plan: Omit<RunPlan, "units">;
  readonly count: number;
  /** 0 ≤ index < count. */
  unit(index: number): Promise<RunUnit>;
  /** How many shares the units fall into: those of the same samples and method, which explain them once. */
  readonly shares: number;
  /** Indices of a share's units, 0 ≤ index < shares. */
  share(index: number): readonly number[];
}

/**
 * What an evaluation has to compute, as plain JSON: its units of work with their keys. @param lit any explainer of the model.
 * Errors: BadInput, BadTarget; BadRecipe for metrics and their parameters.
 */
export const planRun = async (task: EvaluationTask, lit: Explainer): Promise<RunPlan> => {
  const { plan, count, unit } = await outlineRun(task, lit);
  return { ...plan, units: await Promise.all(Array.from({ length: count }, (_, index) => unit(index))) };
};

/** The same, in memory that does not grow with the data. Errors: as of `planRun`. */
export const outlineRun = async (given: EvaluationTask, lit: Explainer): Promise<RunOutline> => {
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
  const places = placesOf(data, settings, methods.length);
  const unit = async (index: number): Promise<RunUnit> => {
    const place = places.unit(index);
    const { from, count } = place;
    const [method, setting] = [methods[place.method]!, settings[place.setting]!];
    const size = bySize(method, metrics[setting.metric]!);
    const beside = pasted(setting) ? Array.from({ length: others! }, (_, i) => i) : undefined;
    const { options, draw } = method;
    const key = await sha256(canonicalJson({ ...asked, options, size, draw, setting, from, count, beside }));
    return { key, ...place };
  };
  const plan = {
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
  };
  return { plan, ...places, unit };
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
  { data, seed = 0, range, explain, target, targetFiles, output, references, groups }: EvaluationTask,
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
  ...(await targetKey(lit, { target, targetFiles, output, explain })),
  output,
  mean: lit.options.reading?.mean,
  detector: detectorSaid(lit.options.reading),
  tokens: lit.options.tokens && { mask: lit.options.tokens.mask, pad: lit.options.tokens.pad },
  groups: groups && (await hashed(["", groups])),
  references: references && { dims: references.dims, sha256: await sha256(bytesOf(references)) },
});

const bytesOf = ({ data }: FloatTensor): Uint8Array => new Uint8Array(data.buffer, data.byteOffset, data.byteLength);

/** Where units lie, chunk by chunk, then method by method. Metrics of the set see all samples at once, behind the others. */
const placesOf = ({ count, chunk = 16 }: EvaluationData, settings: readonly EvaluationSetting[], methods: number) => {
  const all = settings.map((_, s) => s);
  const whole = all.filter((s) => metrics[settings[s]!.metric]!.card.scope === "set");
  const each = all.filter((s) => !whole.includes(s));
  const chunks = each.length === 0 ? 0 : Math.ceil(count / chunk);
  const before = chunks * methods * each.length;
  const inChunk = (index: number, own: readonly number[]) => ({
    method: Math.floor(index / own.length) % methods,
    setting: own[index % own.length]!,
  });
  const run = (from: number, length: number) => Array.from({ length }, (_, i) => from + i);
  return {
    count: before + methods * whole.length,
    unit: (index: number): Omit<RunUnit, "key"> => {
      if (index >= before) return { from: 0, count, ...inChunk(index - before, whole) };
      const from = Math.floor(index / (methods * each.length)) * chunk;
      return { from, count: Math.min(chunk, count - from), ...inChunk(index, each) };
    },
    shares: chunks * methods + (whole.length > 0 ? methods : 0),
    share: (index: number): readonly number[] =>
      index < chunks * methods
        ? run(index * each.length, each.length)
        : run(before + (index - chunks * methods) * whole.length, whole.length),
  };
};

const OTHERS = 32;

const pasted = ({ params }: EvaluationSetting): boolean => String(params.imputer).startsWith("patches");
