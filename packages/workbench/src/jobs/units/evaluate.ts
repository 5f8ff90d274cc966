/** Units of the job `evaluate`: some samples by one method, under all settings. */
import { type Explainer, outlineRun, unitRunner } from "@backlit/core";
import { asUsage, type EvaluateRequest, evaluateJob, openEvaluation } from "../evaluate/run.ts";
import type { JobContext } from "../request.ts";
import { type Collected, noFiles, type Units } from "./units.ts";

export const openUnits = async (request: EvaluateRequest, context: JobContext): Promise<Units> => {
  const opened = await openEvaluation({ ...request, workers: 1 }, context);
  const { task, lits } = opened;
  const [lit] = lits as [Explainer];
  const release = () => opened[Symbol.asyncDispose]();
  try {
    const { plan, shares, share, unit } = await asUsage(outlineRun(task, lit));
    const run = unitRunner(lit, { task, plan });
    return {
      count: shares,
      run: async (index) => {
        for (const one of share(index)) {
          const { key, ...place } = await unit(one);
          if ((await task.store?.get(key)) === undefined) await task.store?.put(key, await run({ key, ...place }));
        }
      },
      [Symbol.asyncDispose]: release,
    };
  } catch (error) {
    await release();
    throw error;
  }
};

export const collect = async (request: EvaluateRequest, context: JobContext): Promise<Collected> => ({
  result: await evaluateJob({ ...request, workers: 1 }, context),
  files: noFiles(),
});
