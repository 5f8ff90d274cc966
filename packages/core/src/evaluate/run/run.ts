/**
 * A whole evaluation: methods × metrics over data, chunk by chunk. What is planned is done by one explainer or several, unit by unit; each is
 * kept in the store, and comes out the same to the last digit in a run that was stopped and goes on.
 */
import type { Explainer } from "../../explain/index.ts";
import { grouped } from "../../numeric/grouped.ts";
import type { EvaluationResult } from "../result.ts";
import { collectRun } from "./collect.ts";
import { nothing, planRun, type RunPlan } from "./plan.ts";
import { sharedWork } from "./shared-work.ts";
import { checkTask, type EvaluationTask } from "./task.ts";
import { unitRunner } from "./unit.ts";

/** `lits`: one explainer a worker. Errors: those of `explain`; BadRecipe for metrics and their parameters. */
export const evaluate = async (lits: readonly Explainer[], task: EvaluationTask): Promise<EvaluationResult> => {
  checkTask(task);
  const [first] = lits;
  if (first === undefined) throw nothing();
  const { store, signal, onProgress } = task;
  const plan = await planRun(task, first);
  const work = { units: plan.units, groups: chunksOf(plan), store, signal, onProgress };
  const results = await sharedWork(lits, work, (lit) => unitRunner(lit, { task, plan }));
  return collectRun(plan, results);
};

/** Indices of units, those of the same samples together. */
const chunksOf = ({ units }: RunPlan): readonly (readonly number[])[] => [
  ...grouped(units.map(({ from, count }, index) => [`${from} ${count}`, index] as const)).values(),
];
