/** What the search goes by: the metric's first score, the mean over its settings, larger is better; a number a sample. */
import { fail, isBacklitError } from "../../errors.ts";
import type { Explainer } from "../../explain/index.ts";
import { directionOf } from "../card.ts";
import { metrics } from "../metrics/index.ts";
import type { EvaluationResult, EvaluationSetting, ScoreTable } from "../result.ts";
import { evaluate } from "../run/run.ts";
import type { EvaluationData, EvaluationTask, MethodChoice, Store } from "../run/task.ts";
import type { Candidate } from "./candidate.ts";

export interface Objective {
  /** The candidates' values on the first `count` samples, in their order; undefined for one that cannot be run. */
  values(candidates: readonly Candidate[], count: number): Promise<readonly (Float64Array | undefined)[]>;
}

export interface ObjectiveTask
  extends Pick<EvaluationTask, "model" | "range" | "target" | "targetFiles" | "output" | "explain" | "signal" | "seed"> {
  readonly data: EvaluationData;
  readonly settings: readonly EvaluationSetting[];
  readonly store: Store;
}

/** Errors: BadRecipe for metrics that say which way is better of none of their scores. */
export const checkMetric = ({ metric, params }: EvaluationSetting): void => {
  const { card } = metrics[metric]!;
  const [first] = Object.keys(card.scores);
  if (first !== undefined && directionOf(card, first, params) !== undefined) return;
  throw fail("BadRecipe", {
    what: `nothing to tune by: metric '${metric}'`,
    why: "neither way of its first score is better",
    fix: "take srg",
  });
};

export const objectiveOf = (lits: readonly Explainer[], task: ObjectiveTask): Objective => {
  const run = async (candidates: readonly Candidate[], count: number): Promise<readonly Float64Array[]> => {
    const data = { ...task.data, count };
    const settings = task.settings.map(cheaper);
    const methods = candidates.map(asMethod);
    const { signal: _, ...rest } = task;
    const result = await evaluate(lits, {
      ...rest,
      ...(task.signal && { signal: task.signal }),
      data,
      methods,
      settings,
      randomDraws: 0,
      resamples: 100, // its summary is not looked at
      permutations: 100,
    });
    // Each candidate has a session: they would add up.
    await Promise.all(lits.map((lit) => lit[Symbol.asyncDispose]()));
    return combined(result).values.map((values) => Float64Array.from(values, (value) => value ?? Number.NaN));
  };
  return {
    values: async (candidates, count) => {
      try {
        return await run(candidates, count);
      } catch (error) {
        if (!unfit(error)) throw error;
        const single = async (one: Candidate) => {
          try {
            return (await run([one], count))[0];
          } catch (own) {
            if (unfit(own)) return undefined;
            throw own;
          }
        };
        const found: (Float64Array | undefined)[] = [];
        for (const one of candidates) found.push(await single(one));
        return found;
      }
    },
  };
};

export const asMethod = ({ name, recipe }: Candidate): MethodChoice => ({ name, options: recipe });

/** A recipe that plans may still not compile, or give no numbers. */
const unfit = (error: unknown): boolean =>
  (["BadRecipe", "Unsupported", "BadModel", "Runtime"] as const).some((tag) => isBacklitError(error, tag));

/** Random orders are asked for by MRG and LRG alone. */
const cheaper = ({ metric, params }: EvaluationSetting): EvaluationSetting =>
  metric === "srg" ? { metric, params: { ...params, "random-orders": 1 } } : { metric, params };

/** The primary scores of all settings as one table: their mean, the lower-is-better ones turned round. */
export const combined = ({ tables }: Pick<EvaluationResult, "tables">): ScoreTable => {
  const primary = tables.filter((table) => table.primary);
  const [first] = primary as [ScoreTable];
  const values = first.values.map((own, m) =>
    own.map((_, n) => {
      const each = primary.map(({ values: of, direction }) => {
        const value = of[m]![n]!;
        return value === null ? null : direction === "lower" ? -value : value;
      });
      return each.includes(null) ? null : (each as number[]).reduce((a, b) => a + b, 0) / each.length;
    }),
  );
  return { setting: first.setting, score: first.score, direction: "higher", primary: true, values };
};
