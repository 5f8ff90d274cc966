/** Units of the job `concepts`: some samples, explained once. */
import { type Explainer, planConcepts, runConceptUnit } from "@backlit/core";
import { type ConceptsRequest, conceptsJob, openConcepts } from "../concepts/run.ts";
import { asUsage } from "../evaluate/run.ts";
import type { JobContext } from "../request.ts";
import { type Collected, noFiles, type Units } from "./units.ts";

export const openUnits = async (request: ConceptsRequest, context: JobContext): Promise<Units> => {
  const opened = await openConcepts({ ...request, workers: 1 }, context);
  const { task, lits } = opened;
  const [lit] = lits as [Explainer];
  const release = () => opened[Symbol.asyncDispose]();
  try {
    const plan = await asUsage(planConcepts(task, lit));
    return {
      count: plan.units.length,
      run: async (index) => {
        const unit = plan.units[index]!;
        if ((await task.store?.get(unit.key)) !== undefined) return;
        await task.store?.put(unit.key, await runConceptUnit(lit, { task, plan }, unit));
      },
      [Symbol.asyncDispose]: release,
    };
  } catch (error) {
    await release();
    throw error;
  }
};

export const collect = async (request: ConceptsRequest, context: JobContext): Promise<Collected> => ({
  result: await conceptsJob({ ...request, workers: 1 }, context),
  files: noFiles(),
});
