/**
 * A whole evaluation: methods × metrics over data, chunk by chunk. A chunk of one method under one setting is the unit of work: it is
 * computed once, kept in the store, and comes out the same to the last digit in a run that was stopped and goes on.
 */

import { fail } from "../../errors.ts";
import type { Explainer } from "../../explain/index.ts";
import { canonicalJson, sha256 } from "../../plan/index.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import type { FloatTensor } from "../../tensor/float.ts";
import { VERSION } from "../../version.ts";
import { directionOf } from "../card.ts";
import type { Trial } from "../metric.ts";
import { metrics } from "../metrics/index.ts";
import type { EvaluatedMethod, EvaluatedSample, EvaluationResult, EvaluationSetting, ScoreTable } from "../result.ts";
import { summarise } from "../statistics/summarise.ts";
import { checkedOptions } from "../statistics/summary-options.ts";
import { chunkRunner } from "./chunk.ts";
import type { ChunkResult } from "./chunk-result.ts";
import { curveTable } from "./curve-table.ts";
import { judgeOf } from "./judge.ts";
import { bySize } from "./magnitude.ts";
import { checkedSettings } from "./settings.ts";
import type { EvaluationData, EvaluationTask, MethodChoice } from "./task.ts";
import { checkTask } from "./task.ts";
import { valueScores } from "./value-scores.ts";

/** `lits`: one explainer a worker. Errors: those of `explain`; BadRecipe for metrics and their parameters. */
export const evaluate = async (lits: readonly Explainer[], given: EvaluationTask): Promise<EvaluationResult> => {
  checkTask(given);
  const task = lits[0]?.settled(given) ?? given;
  const { data, seed = 0, store, signal, onProgress } = task;
  const draws = Array.from({ length: task.randomDraws ?? 3 }, (_, draw) => ({ name: "random", draw }));
  const methods: readonly MethodChoice[] = [...task.methods.filter(({ name }) => name !== "random"), ...draws];
  checkedSettings(task.settings);
  checkedOptions(task);
  const [first] = lits;
  if (first === undefined || methods.length === 0 || task.settings.length === 0 || data.count === 0)
    throw fail("BadInput", { what: "nothing to evaluate", fix: "give samples, a method and a metric" });
  const settings = checkedSettings(valueScores(first, task));
  const chunks = chunksOf(data, settings);
  const { range, explain, target, output, references } = task;
  const others = await othersOf(first, task, settings);
  const model = { sha256: await first.sha256, identity: await first.identity };
  const runtime = runtimeKey(first.options.runtime);
  const asked = {
    version: VERSION,
    runtime,
    model: model.identity,
    data: data.sha256,
    reading: data.reading,
    seed,
    range,
    explain,
    ...(target !== undefined && {
      target: { ...first.asked(target, output), against: first.against({ target, output }) ?? null },
    }),
    output,
    mean: first.options.reading?.mean,
    references: references && { dims: references.dims, sha256: await sha256(bytesOf(references)) },
  };
  const found = new Map<string, ChunkResult>();
  const total = chunks.reduce((sum, { settings }) => sum + settings.length * methods.length, 0);
  let done = 0;
  let failed = false;
  const queue = chunks.values();
  const worker = async (lit: Explainer): Promise<void> => {
    for (const { from, count, settings: own } of queue) {
      const run = chunkRunner(lit, task, { from, count, ...(others && { others }) });
      for (const [m, method] of methods.entries())
        for (const s of own) {
          if (failed) return;
          if (signal?.aborted) throw fail("Aborted", { what: "stopped" }, signal.reason);
          const setting = settings[s]!;
          const { options, draw } = method;
          const beside = pasted(setting) ? others?.ids : undefined;
          const size = bySize(method, metrics[setting.metric]!);
          const key = await sha256(canonicalJson({ ...asked, options, size, draw, setting, from, count, beside }));
          const known = (await store?.get(key)) as ChunkResult | undefined;
          const result = known ?? (await run(method, setting));
          if (known === undefined) await store?.put(key, result);
          found.set(`${from} ${m} ${s}`, result);
          done += 1;
          onProgress?.(done, total);
        }
    }
  };
  // The others come to their ends before the error is told: their sessions may then be released.
  const ends = await Promise.allSettled(
    lits.map((lit) =>
      worker(lit).catch((error: unknown) => {
        failed = true;
        throw error;
      }),
    ),
  );
  for (const end of ends) if (end.status === "rejected") throw end.reason;
  const of = (m: number, s: number): ChunkResult[] =>
    chunks.filter((chunk) => chunk.settings.includes(s)).map(({ from }) => found.get(`${from} ${m} ${s}`)!);
  const evaluated = methods.map(({ draw }, m): EvaluatedMethod => {
    const { recipe, hash } = of(m, 0)[0]!;
    const magnitude = settings.some(({ metric }) => bySize(methods[m]!, metrics[metric]!));
    return {
      name: methods[m]!.name,
      ...(draw !== undefined && { random: true as const }),
      ...(magnitude && { magnitude: true as const }),
      recipe,
      hash,
    };
  });
  const tables = settings.flatMap((setting, s) =>
    tablesOf(
      setting,
      s,
      methods.map((_, m) => of(m, s)),
    ),
  );
  return {
    evaluation: 1,
    version: VERSION,
    model: { name: task.model, ...model },
    data: { name: data.name, sha256: data.sha256, count: data.count },
    seed,
    methods: evaluated,
    settings,
    samples: of(0, 0).flatMap(({ samples }): readonly EvaluatedSample[] => samples),
    tables,
    curves: settings.flatMap((_, s) =>
      curveTable(
        s,
        methods.map((_, m) => of(m, s)),
      ),
    ),
    summary: summarise(tables, evaluated, task),
    notices: distinct([...sizeNotice(evaluated), ...[...found.values()].flatMap(({ notices }) => notices)]),
  };
};

const bytesOf = ({ data }: FloatTensor): Uint8Array => new Uint8Array(data.buffer, data.byteOffset, data.byteLength);

/** What of a runtime enters the keys of kept work: another release or processor has other last bits. */
export const runtimeKey = ({ name, version, cpu }: Runtime): readonly (string | null)[] => [name, version ?? null, cpu ?? null];

/** Those that differ in numbers only (of samples, say) once, with how many there are. */
const distinct = (notices: readonly string[]): readonly string[] => {
  const alike = new Map<string, Set<string>>();
  for (const notice of notices) {
    const words = notice.replace(/\d[\d.,]*/g, "#");
    alike.set(words, (alike.get(words) ?? new Set()).add(notice));
  }
  return [...alike.values()].map((own) => (own.size > 1 ? `${[...own][0]} (and ${own.size - 1} more such)` : [...own][0]!));
};

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

const sizeNotice = (methods: readonly EvaluatedMethod[]): readonly string[] => {
  const names = methods.filter(({ magnitude }) => magnitude).map(({ name }) => name);
  return names.length === 0
    ? []
    : [`ranked by the size of their values, which are slopes: ${names.join(", ")} (NAME:magnitude=false keeps the signs)`];
};

const tablesOf = (
  { metric, params }: EvaluationSetting,
  setting: number,
  results: readonly (readonly ChunkResult[])[],
): ScoreTable[] => {
  const { card } = metrics[metric]!;
  return Object.keys(card.scores)
    .filter((score) => results.some(([first]) => first!.scores[score] !== undefined))
    .map((score, i) => {
      const direction = directionOf(card, score, params);
      return {
        setting,
        score,
        ...(direction && { direction }),
        primary: i === 0,
        values: results.map((chunks) => chunks.flatMap(({ scores, samples }) => scores[score] ?? samples.map(() => null))),
      };
    });
};

const OTHERS = 32;

const pasted = ({ params }: EvaluationSetting): boolean => String(params.imputer).startsWith("patches");

/** Other inputs, for imputers that paste pieces of them. */
const othersOf = async (
  lit: Explainer,
  { data, explain, output }: EvaluationTask,
  settings: readonly EvaluationSetting[],
): Promise<Trial["others"]> => {
  if (!settings.some(pasted)) return undefined;
  const count = Math.min(OTHERS, data.count, data.chunk === 1 ? 1 : OTHERS);
  const { x } = await data.read(0, count);
  const judge = await judgeOf(lit, x, { ...(explain && { explain }), ...(output && { output }) });
  return { x: judge.x as FloatTensor, ids: Array.from({ length: count }, (_, i) => i) };
};
