/** Units of work over a data set, shared out among explainers, each kept where there is a store. */
import { fail } from "../../errors.ts";
import type { Explainer } from "../../explain/index.ts";
import type { Store } from "./task.ts";

export interface SharedUnits<U, R = unknown> {
  readonly units: readonly U[];
  /** Indices of units that one explainer does one after another, because they share something; default: each alone. */
  readonly groups?: readonly (readonly number[])[];
  readonly store?: Store | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  /** Takes each result as it comes, with its unit's index; then none is kept, and the list given back is empty. */
  readonly take?: ((result: R, index: number) => void) | undefined;
}

/**
 * The results in the order of the units. `lits`: one explainer a worker; `runner`: what a worker does with a unit. Results that the store
 * has under a unit's key are taken from there. Errors: those of the runner, Aborted; all workers have stopped before anything is thrown,
 * so that the caller may release their sessions.
 */
export const sharedWork = async <U extends { readonly key: string }, R>(
  lits: readonly Explainer[],
  { units, groups = units.map((_, index) => [index]), store, signal, onProgress, take }: SharedUnits<U, R>,
  runner: (lit: Explainer) => (unit: U) => Promise<R>,
): Promise<readonly R[]> => {
  const results: R[] = [];
  let done = 0;
  let failed = false;
  const queue = groups.values();
  const worker = async (lit: Explainer): Promise<void> => {
    const run = runner(lit);
    for (const group of queue)
      for (const index of group) {
        if (failed) return;
        if (signal?.aborted) throw fail("Aborted", { what: "stopped" }, signal.reason);
        const unit = units[index]!;
        const known = (await store?.get(unit.key)) as R | undefined;
        const result = known ?? (await run(unit));
        if (known === undefined) await store?.put(unit.key, result);
        if (take) take(result, index);
        else results[index] = result;
        done += 1;
        onProgress?.(done, units.length);
      }
  };
  const ends = await Promise.allSettled(
    lits.map((lit) =>
      worker(lit).catch((error: unknown) => {
        failed = true;
        throw error;
      }),
    ),
  );
  for (const end of ends) if (end.status === "rejected") throw end.reason;
  return results;
};
