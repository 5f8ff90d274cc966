/** Concepts of a data set: reference samples of every channel, chunk by chunk, resumed from a store where there is one. */
import { fail } from "../../errors.ts";
import type { Explainer } from "../../explain/index.ts";
import type { ConceptChunk, ConceptResult } from "../result.ts";
import { collectConcepts } from "./collect.ts";
import { planConcepts } from "./plan.ts";
import type { ConceptTask } from "./task.ts";
import { runConceptUnit } from "./unit.ts";

/** Reference samples of every channel of the values named, over all samples and class by class (RelMax, ActMax). `lits`: one explainer a worker. Errors: those of `explain`; BadRecipe, BadInput. */
export const concepts = async (lits: readonly Explainer[], task: ConceptTask): Promise<ConceptResult> => {
  const [first] = lits;
  if (first === undefined) throw fail("BadInput", { what: "no explainer", fix: "give one" });
  const { store, signal, onProgress } = task;
  const plan = await planConcepts(task, first);
  const results: ConceptChunk[] = [];
  let done = 0;
  let failed = false;
  const queue = plan.units.entries();
  const worker = async (lit: Explainer): Promise<void> => {
    for (const [index, unit] of queue) {
      if (failed) return;
      if (signal?.aborted) throw fail("Aborted", { what: "stopped" }, signal.reason);
      const known = (await store?.get(unit.key)) as ConceptChunk | undefined;
      results[index] = known ?? (await runConceptUnit(lit, { task, plan }, unit));
      if (known === undefined) await store?.put(unit.key, results[index]);
      done += 1;
      onProgress?.(done, plan.units.length);
    }
  };
  // All workers have stopped before anything is thrown, so that the caller may release their sessions.
  const ends = await Promise.allSettled(
    lits.map((lit) =>
      worker(lit).catch((error: unknown) => {
        failed = true;
        throw error;
      }),
    ),
  );
  for (const end of ends) if (end.status === "rejected") throw end.reason;
  return collectConcepts(plan, results);
};
