/** The work of a run, one unit at a time: what another thread, process or machine does. */
import type { Explainer } from "../../explain/index.ts";
import type { FloatTensor } from "../../tensor/float.ts";
import type { Trial } from "../metric.ts";
import { chunkRunner } from "./chunk.ts";
import type { ChunkResult } from "./chunk-result.ts";
import { judgeOf } from "./judge.ts";
import { methodsOf, type RunPlan, type RunUnit } from "./plan.ts";
import type { EvaluationTask } from "./task.ts";

/** A run as who works on it has it: the task with its data, and the plan made of it, which may have come as JSON. */
export interface Run {
  readonly task: EvaluationTask;
  readonly plan: Omit<RunPlan, "units">;
}

/** One unit by itself. Errors: those of `explain`, which name the method. */
export const runUnit = (lit: Explainer, run: Run, unit: RunUnit): Promise<ChunkResult> => unitRunner(lit, run)(unit);

/** Units one after another: samples and maps of a chunk are kept for its next unit, until one of another chunk comes. */
export const unitRunner = (lit: Explainer, { task: given, plan }: Run): ((unit: RunUnit) => Promise<ChunkResult>) => {
  const { target, output, seed } = plan;
  const task = { ...given, seed, ...(target !== undefined && { target }), ...(output !== undefined && { output }) };
  const methods = methodsOf(task);
  let others: Promise<Trial["others"]> | undefined;
  let open: { readonly of: string; readonly run: ReturnType<typeof chunkRunner> } | undefined;
  return async ({ from, count, method, setting }) => {
    const of = `${from} ${count}`;
    if (open?.of !== of) {
      others ??= othersOf(lit, task, plan.others);
      const beside = await others;
      open = { of, run: chunkRunner(lit, task, { from, count, ...(beside && { others: beside }) }) };
    }
    return await open.run(methods[method]!, plan.settings[setting]!);
  };
};

/** Other inputs, for imputers that paste pieces of them. */
const othersOf = async (
  lit: Explainer,
  { data, explain, output }: EvaluationTask,
  count: number | undefined,
): Promise<Trial["others"]> => {
  if (count === undefined) return undefined;
  const { x } = await data.read(0, count);
  const judge = await judgeOf(lit, x, { ...(explain && { explain }), ...(output && { output }) });
  return { x: judge.x as FloatTensor, ids: Array.from({ length: count }, (_, i) => i) };
};
