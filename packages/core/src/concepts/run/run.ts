/** Concepts of a data set: reference samples of every channel, chunk by chunk, resumed from a store where there is one. */
import { fail } from "../../errors.ts";
import { sharedWork } from "../../evaluate/index.ts";
import type { Explainer } from "../../explain/index.ts";
import type { ConceptResult } from "../result.ts";
import { conceptCollector } from "./collect.ts";
import { planConcepts } from "./plan.ts";
import type { ConceptTask } from "./task.ts";
import { runConceptUnit } from "./unit.ts";

/** Reference samples of every channel of the values named, over all samples and class by class (RelMax, ActMax). `lits`: one explainer a worker. Errors: those of `explain`; BadRecipe, BadInput. */
export const concepts = async (lits: readonly Explainer[], task: ConceptTask): Promise<ConceptResult> => {
  const [first] = lits;
  if (first === undefined) throw fail("BadInput", { what: "no explainer", fix: "give one" });
  const { store, signal, onProgress } = task;
  const plan = await planConcepts(task, first);
  const collected = conceptCollector(plan);
  const work = { units: plan.units, store, signal, onProgress, take: collected.add };
  await sharedWork(lits, work, (lit) => (unit) => runConceptUnit(lit, { task, plan }, unit));
  return collected.result();
};
