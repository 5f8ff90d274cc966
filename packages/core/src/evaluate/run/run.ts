/**
 * A whole evaluation: methods × metrics over data, chunk by chunk. What is planned is done by one explainer or several, unit by unit; each is
 * kept in the store, and comes out the same to the last digit in a run that was stopped and goes on.
 */
import { fail } from "../../errors.ts";
import type { Explainer } from "../../explain/index.ts";
import { grouped } from "../../numeric/grouped.ts";
import type { EvaluationResult } from "../result.ts";
import type { ChunkResult } from "./chunk-result.ts";
import { collectRun } from "./collect.ts";
import { nothing, planRun, type RunPlan } from "./plan.ts";
import { checkTask, type EvaluationTask } from "./task.ts";
import { unitRunner } from "./unit.ts";

/** `lits`: one explainer a worker. Errors: those of `explain`; BadRecipe for metrics and their parameters. */
export const evaluate = async (lits: readonly Explainer[], task: EvaluationTask): Promise<EvaluationResult> => {
  checkTask(task);
  const [first] = lits;
  if (first === undefined) throw nothing();
  const { store, signal, onProgress } = task;
  const plan = await planRun(task, first);
  const { units } = plan;
  const results: ChunkResult[] = [];
  let done = 0;
  let failed = false;
  const queue = chunksOf(plan).values();
  const worker = async (lit: Explainer): Promise<void> => {
    const run = unitRunner(lit, { task, plan });
    for (const chunk of queue)
      for (const index of chunk) {
        if (failed) return;
        if (signal?.aborted) throw fail("Aborted", { what: "stopped" }, signal.reason);
        const unit = units[index]!;
        const known = (await store?.get(unit.key)) as ChunkResult | undefined;
        const result = known ?? (await run(unit));
        if (known === undefined) await store?.put(unit.key, result);
        results[index] = result;
        done += 1;
        onProgress?.(done, units.length);
      }
  };
  // Wait for all workers to stop before throwing, so that the caller may release their sessions.
  const ends = await Promise.allSettled(
    lits.map((lit) =>
      worker(lit).catch((error: unknown) => {
        failed = true;
        throw error;
      }),
    ),
  );
  for (const end of ends) if (end.status === "rejected") throw end.reason;
  return collectRun(plan, results);
};

/** Indices of units, those of the same samples together. */
const chunksOf = ({ units }: RunPlan): readonly (readonly number[])[] => [
  ...grouped(units.map(({ from, count }, index) => [`${from} ${count}`, index] as const)).values(),
];
